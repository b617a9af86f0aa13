"""Made-up product sheets and needs in both languages, out of the shipped lexicon and parameter dictionary."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from matching.lexicon import concepts
from matching.parameters import ParameterKind, parameter_kind
from matching.records import Need, Parameter, Requirement, Sheet
from matching.taxonomy import chip_categories, parameters_of

LINKS = {
    True: ("支持{}", "内置{}", "面向{}", "带{}，", "典型应用为{}", "集成{}与", "适用于{}的"),
    False: ("supports {}", "with integrated {}", "for {}", "featuring {} and", "designed for {}", "low power {}"),
}
SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnprstvz" for vowel in "aeiou"]
#: The law by which words are drawn.
VOCABULARY, EXPONENT = 60_000, 1.05
PACKAGES = ("QFN32 5×5", "WLCSP", "LQFP48", "SOIC-8", "BGA256", "TSSOP-20")


class Writer:
    """Writes sheets and needs; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._general = {zh: [f for c in concepts() for f in (c.zh if zh else c.en)] for zh in (True, False)}
        self._special: dict[tuple[str, bool], list[str]] = {}
        for concept in concepts():
            for code in concept.codes:
                self._special.setdefault((code, True), []).extend(concept.zh)
                self._special.setdefault((code, False), []).extend(concept.en)
        self._codes = [code for code, category in chip_categories().items() if category.parent]

    def sheets(self, n: int, first: int = 0) -> Iterator[Sheet]:
        """Yield product sheets of 2,000 firms, two of three in Chinese."""
        for number in range(first, first + n):
            code, chinese = self._random.choice(self._codes), number % 3 > 0
            category = chip_categories()[code]
            params = tuple(self._parameter(key) for key in self._keys(code, 6))
            text = self._offered(code, chinese) + self._numbers(params)
            yield Sheet(
                f"S{number}",
                text,
                title=f"CB{number % 9973} {category.zh if chinese else category.en}",
                firm=f"F{number % 2000}",
                category=code,
                params=params,
                package=self._random.choice(PACKAGES),
                temp_min=-40,
                temp_max=self._random.choice((85, 105, 125)),
                quality_grade=self._random.choice(("industrial", "consumer", "automotive_g2")),
                lifecycle_stage="mass_production",
            )

    def needs(self, n: int) -> list[Need]:
        """Return needs of 10 to 20 phrases with three requirements and a temperature range."""
        return [self._need(number) for number in range(n)]

    def _need(self, number: int) -> Need:
        code, chinese = self._random.choice(self._codes), number % 3 > 0
        rows = [self._parameter(key) for key in self._keys(code, 3)]
        wanted = tuple(Requirement(row.key, _kind(row.key).op, str(row.typ), row.unit) for row in rows)
        text = self._asked(code, chinese) + self._numbers(tuple(rows[:1]))
        return Need(f"N{number}", text, params=wanted, temp_min=-20, temp_max=85)

    def _keys(self, code: str, n: int) -> list[str]:
        numeric = [key for key in parameters_of(code) if _is_number(key)]
        return self._random.sample(numeric, min(n, len(numeric)))

    def _parameter(self, key: str) -> Parameter:
        kind = _kind(key)
        low, high = max(kind.sane_min or 0.01, 1e-3), min(kind.sane_max or 1e3, 1e6)
        value = float(f"{low * (high / low) ** self._random.random():.3g}") if high > low > 0 else 1.0
        return Parameter(key, typ=value, unit=kind.units[0] if kind.units else "")

    def _offered(self, code: str, chinese: bool) -> str:
        return self._text(code, chinese, self._random.randint(12, 28))

    def _asked(self, code: str, chinese: bool) -> str:
        return self._text(code, chinese, self._random.randint(10, 20))

    def _text(self, code: str, chinese: bool, n: int) -> str:
        own = self._special.get((code, chinese)) or self._general[chinese]
        pick = self._random
        phrases = [pick.choice(own if pick.random() < 0.4 else self._general[chinese]) for _ in range(n)]
        linked = [pick.choice(LINKS[chinese]).format(phrase) for phrase in phrases]
        return ("，" if chinese else ", ").join(linked) + ("。" if chinese else ". ")

    @staticmethod
    def _numbers(params: tuple[Parameter, ...]) -> str:
        return " ".join(f"{row.typ:g}{row.unit}" for row in params)


class Drawer(Writer):
    """Draws the words of sheets and needs as the benchmark of retrieval does; all else as a Writer.

    60,000 made-up words, each with probability ∝ 1/rank^1.05; Poisson(40) of them a sheet, Poisson(60) a need, at
    least 5.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._generator = np.random.default_rng(seed)
        chances = np.arange(1, VOCABULARY + 1, dtype=np.float64) ** -EXPONENT
        self._cumulative = np.cumsum(chances / chances.sum())

    def _offered(self, code: str, chinese: bool) -> str:
        return self._drawn(40)

    def _asked(self, code: str, chinese: bool) -> str:
        return self._drawn(60)

    def _drawn(self, mean: int) -> str:
        places = np.searchsorted(self._cumulative, self._generator.random(max(5, self._generator.poisson(mean))))
        return " ".join(_word(place) for place in places.clip(max=VOCABULARY - 1).tolist()) + ". "


def _word(rank: int) -> str:
    """Return a pronounceable word for each rank."""
    syllables, rest = "", rank + len(SYLLABLES)
    while rest:
        rest, place = divmod(rest, len(SYLLABLES))
        syllables += SYLLABLES[place]
    return syllables


def _kind(key: str) -> ParameterKind:
    kind = parameter_kind(key)
    if kind is None:
        raise KeyError(key)
    return kind


def _is_number(key: str) -> bool:
    kind = parameter_kind(key)
    return kind is not None and kind.kind == "num"
