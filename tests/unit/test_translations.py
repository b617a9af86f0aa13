"""The Chinese catalogue is complete, and its texts fit those they stand for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
CHINESE = ROOT / "app" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def _texts(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _placeholders(texts: tuple[str, ...]) -> set[str]:
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` finds in the code and the templates of today."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    mapping = str(ROOT / "pyproject.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(["pybabel", "-q", "extract", "-F", mapping, "-k", "_l", "-o", str(target), "."])
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    """The catalogue as it is kept."""
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def test_every_text_has_a_translation(collected: Catalog, chinese: Catalog) -> None:
    translated = {_texts(message.id)[0] for message in chinese if message.id and all(_texts(message.string))}

    missing = sorted({_texts(message.id)[0] for message in collected if message.id} - translated)

    assert missing == []


def test_no_translation_is_a_guess(chinese: Catalog) -> None:
    assert [message.id for message in chinese if message.id and message.fuzzy] == []


def test_the_catalogue_holds_nothing_that_nobody_says(collected: Catalog, chinese: Catalog) -> None:
    said = {_texts(message.id)[0] for message in collected if message.id}

    assert sorted({_texts(message.id)[0] for message in chinese if message.id} - said) == []


def test_placeholders_are_the_same_in_both_languages(chinese: Catalog) -> None:
    def differs(message: Message) -> bool:
        return _placeholders(_texts(message.string)) != _placeholders(_texts(message.id)) - {"%(num)s"} and (
            _placeholders(_texts(message.string)) != _placeholders(_texts(message.id))
        )

    assert [message.id for message in chinese if message.id and all(_texts(message.string)) and differs(message)] == []


def test_texts_of_templates_survive_formatting(chinese: Catalog) -> None:
    """Jinja formats every text with %, even one without placeholders, so a lone per cent sign breaks the page."""

    def breaks(text: str) -> bool:
        return re.search(r"%(?!\(\w+\)[sd])", text.replace("%%", "")) is not None

    in_templates = [m for m in chinese if m.id and any(file.startswith("templates/") for file, _ in m.locations)]

    assert [m.id for m in in_templates if any(breaks(text) for text in (*_texts(m.id), *_texts(m.string)))] == []
