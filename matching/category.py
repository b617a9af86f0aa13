"""Which chip category a text is about: the catalogue's own labels, the lexicon, and the sheets that read alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysis, pieces, words
from matching.bags import Bags
from matching.index import TermIndex
from matching.lexicon import Concept, concepts, symptoms, terminals_named
from matching.scenes import scenes
from matching.taxonomy import children, chip_categories, current, parameters_of, siblings, terminals_of
from matching.text import han, normalise, tokenize
from matching.vocabulary import Vocabulary

#: What each witness weighs, and how strongly the best category stands out (logits per three units of evidence): of a
#: need, whose words mislead, and of a sheet.
CATALOGUE, LEXICON_WORDS, LEXICON_PIECES, LEXICON_CHARACTERS = 1.0, 0.7, 1.0, 1.0
LEXICON_SCENES, NEIGHBOURS, PARAMETERS, LEXICON_HEAD = 0.6, 1.0, 1.0, 1.0
#: What it weighs that such an end product holds chips of a kind: one the maker stated, one that the text names.
STATED_TERMINAL, NAMED_TERMINAL = 0.5, 0.4
SHARPNESS, SHEET_SHARPNESS = 9.0, 12.0
#: Sheets that read alike and vote, and how fast their vote falls with their score.
VOTERS, VOTE_POWER = 15, 3
#: A sheet without a category is held to be of the likeliest one from this probability.
LIKELY = 0.35
#: The indexes of labels, by witness.
INDEXES = ("catalogue", "words", "pieces", "characters", "scenes", "terminals", "parameters")
#: Of these, what is read from the lexicon's words on a category.
DESCRIBED = ("words", "pieces", "characters", "scenes")
Scores = NDArray[np.float64]


def lexicon_texts(entries: Iterable[Concept] = ()) -> dict[str, str]:
    """Return what the lexicon says about every second-level category: names, surface forms, makers' phrases.

    entries : more concepts beside the shipped ones.
    """
    texts = {c.code: [c.zh, c.en] for c in chip_categories().values() if c.parent}
    for concept in (*concepts(), *entries):
        for code in concept.codes:
            texts.get(current(code), []).extend((*concept.zh, *concept.en))
    for code, phrases in symptoms().items():
        texts.get(current(code), []).extend(phrases)
    return {code: ", ".join(forms) for code, forms in texts.items()}


def _documents(labels: Sequence[Sequence[str]], words_of: Sequence[Bags], numbers: Mapping[str, int]) -> Bags:
    """Return one bag per label: the logarithm of 1 + in how many of its sheets a word stands."""
    vocabulary, parts = Vocabulary(), [np.zeros(0, np.int64)]
    for some, bags in zip(labels, words_of, strict=True):
        codes = np.array([numbers.get(label, -1) for label in some], np.int64)[bags.owners]
        terms = vocabulary.extend(bags.hashes)
        parts.append((codes << 32 | terms)[codes >= 0])
    pairs, counts = np.unique(np.concatenate(parts), return_counts=True)
    lengths = np.bincount(pairs >> 32, minlength=len(numbers)).astype(np.int32)
    return Bags(vocabulary.hashes()[pairs & 0xFFFFFFFF], np.log1p(counts), lengths)


def _damped(counts: Mapping[str, float]) -> dict[str, float]:
    return {term: math.log1p(count) for term, count in counts.items()}


def _keys(label: str) -> Counter[str]:
    return Counter(parameters_of(label) if label in chip_categories() else ())


@lru_cache(maxsize=512)
def _described(text: str) -> Mapping[str, Mapping[str, float]]:
    """Return the damped counts of a category's words by witness; most texts are the same at every fit."""
    plain = normalise(text)
    counts = (words(text), pieces(text), characters(plain), scenes(plain, tokenize(text)))
    return {name: _damped(some) for name, some in zip(DESCRIBED, counts, strict=True)}


@lru_cache(maxsize=8)
def _told(texts: tuple[str, ...]) -> Mapping[str, TermIndex]:
    """Return what the lexicon says of categories by witness; most fits know the same ones."""
    described = [_described(text) for text in texts]
    return {name: TermIndex(1.2, 0.3).fit([counts[name] for counts in described]) for name in DESCRIBED}


def _terminals(stated: str, need: Analysis) -> tuple[float, Counter[str]]:
    """Return the weight of a need's kind of end product, and its second-level codes."""
    weight = STATED_TERMINAL if stated else NAMED_TERMINAL
    codes = [stated] if stated else sorted(terminals_named(need.concepts))
    return weight, Counter(one for code in codes for one in (code, *(child.code for child in children(code))))


def characters(plain: str) -> Counter[str]:
    """Return counts of Chinese characters: who avoids the usual words still writes them with the same characters."""
    return Counter(han(plain))


class CategoryModel:
    """One document per category from the catalogue (each term once a sheet), one from the lexicon; BM25 on both."""

    def fit(
        self, labels: Sequence[Sequence[str]], words_of: Sequence[Bags], entries: Iterable[Concept] = ()
    ) -> CategoryModel:
        """Learn from labelled sheets; portal categories without any are known by the lexicon. Return self.

        labels, words_of : category and words of sheets, part by part; entries : concepts beside the shipped lexicon.
        """
        known = lexicon_texts(entries)
        numbers = {code: number for number, code in enumerate(known)}
        for label in (label for part in labels for label in part if label):
            numbers.setdefault(label, len(numbers))
        self.labels_ = tuple(numbers)
        self.indexes_ = {
            "catalogue": TermIndex(1.2, 0.3).fit([_documents(labels, words_of, numbers)]),
            **_told(tuple(known.get(label, "") for label in self.labels_)),
            "terminals": TermIndex(1.2, 0.3).fit([terminals_of(label) for label in self.labels_]),
            "parameters": TermIndex(1.2, 0.3).fit([_keys(label) for label in self.labels_]),
        }
        return self

    def guess(self, words: Bags, pieces: Bags, head: Bags) -> list[str]:
        """Return the likeliest label of each sheet, "" where none is likely; its head says what it is."""
        evidence = CATALOGUE * self._shares("catalogue", words) + LEXICON_HEAD * self._shares("words", head)
        evidence += LEXICON_WORDS * self._shares("words", words) + LEXICON_PIECES * self._shares("pieces", pieces)
        odds = np.exp(SHEET_SHARPNESS * (evidence - evidence.max(axis=1, keepdims=True)) / 3)
        chances = odds / odds.sum(axis=1, keepdims=True)
        best = chances.argmax(axis=1)
        likely = chances[np.arange(len(best)), best] > LIKELY
        return [self.labels_[number] if sure else "" for number, sure in zip(best, likely, strict=True)]

    def _shares(self, name: str, bags: Bags) -> Scores:
        """Return ``_share`` of many texts, (texts, labels)."""
        scores = self.indexes_[name].products(bags)
        return scores / np.maximum(scores.max(axis=1, initial=0.0, keepdims=True), 1e-9)

    def predict(
        self,
        need: Analysis,
        votes: Mapping[str, float] | None = None,
        keys: Iterable[str] = (),
        terminal: str = "",
        faintness: float = 0.0,
    ) -> dict[str, float]:
        """Return the probability of every label; uniform when nothing is recognised.

        votes : label -> how much the sheets that read alike speak for it, any scale.
        keys : the parameters that requirements name; terminal : the category of the end product, "" for what the
        text names.
        faintness : how little the need's words say of any sheet, in [0, 1]. The less they say, the less the catalogue
        tells of a label that the lexicon describes.
        """
        told = np.array([1.0 - faintness if label in chip_categories() else 1.0 for label in self.labels_])
        evidence = CATALOGUE * told * self._share("catalogue", need.words)
        evidence = evidence + LEXICON_WORDS * self._share("words", need.words)
        evidence = evidence + LEXICON_PIECES * self._share("pieces", need.pieces)
        evidence = evidence + LEXICON_CHARACTERS * self._share("characters", characters(need.plain))
        evidence = evidence + LEXICON_SCENES * self._share(
            "scenes", dict.fromkeys(scenes(need.plain, need.tokens), 1.0)
        )
        weight, terminals = _terminals(terminal, need)
        evidence = evidence + weight * self._share("terminals", terminals)
        evidence = evidence + PARAMETERS * self._share("parameters", Counter(keys))
        if votes:
            best = max(votes.values())
            voted = np.array([votes.get(label, 0.0) for label in self.labels_])
            evidence = evidence + NEIGHBOURS * told * (voted / best if best else voted)
        odds = np.exp(SHARPNESS * (evidence - evidence.max()) / 3)
        return dict(zip(self.labels_, (odds / odds.sum()).tolist(), strict=True))

    def _share(self, name: str, counts: Mapping[str, float]) -> Scores:
        index = self.indexes_[name]
        scores = index.scores(index.weigh(counts)).astype(np.float64)
        return scores / max(float(scores.max(initial=0.0)), 1e-9)


def neighbour_votes(scores: Scores, labels: Sequence[str]) -> dict[str, float]:
    """Return label -> votes of the sheets with the highest scores."""
    votes: dict[str, float] = {}
    for row in np.argsort(-scores, kind="stable")[:VOTERS]:
        if labels[row] and scores[row] > 0:
            votes[labels[row]] = votes.get(labels[row], 0.0) + float(scores[row]) ** VOTE_POWER
    return votes


def confirmed(codes: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    """Return how well each label suits confirmed categories: 1 the same, .5 a sibling, .2 the same family."""
    wanted = set(codes)
    near = {other for code in codes for other in siblings(code)}
    families = {code[:3] for code in codes}
    exact = {label for label in labels if label in wanted or label[:3] in wanted}
    return {
        label: 1.0 if label in exact else 0.5 if label in near else 0.2 if label[:3] in families else 0.0
        for label in labels
    }
