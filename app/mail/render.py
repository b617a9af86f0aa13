"""From a template folder and a language to subject, text and HTML; needs no request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import css_inline
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context, select_autoescape
from markupsafe import Markup

from app.core.actor import DEFAULT_LOCALE, LOCALES
from app.core.clock import SHANGHAI
from app.core.text import with_zone
from app.mail import letterhead

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.nodes import EvalContext

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
CATALOGUES = ROOT / "app" / "translations"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as its reader sees it."""

    subject: str
    text: str
    html: str


def render(template: str, *, locale: str, context: dict[str, Any]) -> Rendered:
    """Render ``templates/email/<template>/`` in a language; no style sheet or picture is fetched.

    Templates may use ``_()``, ``link(path)``, ``locale``, ``html_lang`` and the filters ``datetime`` and ``date``.
    Raises jinja2's errors when a template or a name of its context is missing.
    """
    environment = _environment(locale if locale in LOCALES else DEFAULT_LOCALE)
    subject, text, html = (
        environment.get_template(f"email/{template}/{part}").render(context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(subject=" ".join(subject.split()), text=_tidy(text), html=_inliner().inline(html))


def translations(locale: str) -> NullTranslations:
    """Return the catalogue of a language; English needs none."""
    return Translations.load(CATALOGUES, [locale])


def link(path: str) -> str:
    """Return the address of a page of the portal as a message names it; whole addresses stay as they are."""
    return path if path.startswith(("http://", "https://")) else letterhead.current().public_url + path


@cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    catalogue = translations(locale)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    zone = catalogue.gettext("(Beijing time)")
    environment.filters["datetime"] = lambda instant: with_zone(_shanghai(instant, "%Y-%m-%d %H:%M"), zone)
    environment.filters["date"] = lambda day: _shanghai(day, "%Y-%m-%d")
    environment.globals.update(
        link=link,
        locale=locale,
        _=_shown(catalogue),
        html_lang="zh-Hans-CN" if locale == DEFAULT_LOCALE else "en",
    )
    return environment


@lru_cache(maxsize=1024)
def _shanghai(value: dt.datetime | dt.date, pattern: str) -> str:
    return value.astimezone(SHANGHAI).strftime(pattern) if isinstance(value, dt.datetime) else value.isoformat()


def _shown(catalogue: NullTranslations) -> Callable[..., str]:
    """Return ``_()``: what Jinja's own does, with fewer calls; a digest has some 150 texts."""
    known: dict[tuple[str, bool], str] = {}

    @pass_eval_context
    def gettext(looks: EvalContext, text: str, **values: Any) -> str:
        is_html = bool(looks.autoescape)
        told = known.get((text, is_html))
        if told is None:
            told = catalogue.gettext(text)
            known[text, is_html] = told = Markup(told) if is_html else told  # noqa: S704 - texts of the catalogue
        return told % values if "%" in told else told

    return gettext


@cache
def _inliner() -> css_inline.CSSInliner:
    # Rules for narrow screens cannot be inlined and stay in the head.
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def _tidy(text: str) -> str:
    """Strip what templates leave at line ends, and blank lines in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"
