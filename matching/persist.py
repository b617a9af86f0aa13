"""Keep a fitted matcher as arrays and JSON: nothing is ever unpickled. Arrays are mapped into memory on loading."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from matching import __version__
from matching.archive import Archive, Array
from matching.catalogue import Catalogue, Rows
from matching.category import INDEXES, CategoryModel
from matching.history import History
from matching.index import Segment, TermIndex, merge
from matching.intervals import Intervals
from matching.labels import Labels
from matching.lexicon import Concept, translator_of
from matching.rank import Ranker
from matching.retrieve import ARRAYS, Block
from matching.shelf import Lines, Shelf
from matching.statements import Statements
from matching.stuffing import Honesty
from matching.view import View
from matching.views import Views
from matching.vocabulary import Vocabulary

if TYPE_CHECKING:
    from matching.engine import Matcher

FORMAT = 8
Index = TypeVar("Index", bound=TermIndex)
_STATED = ("numbers", "plain", "starts", "made")
_SETTINGS = ("k1", "b", "cosine", "mean_length", "n_rows")


def save(matcher: Matcher, directory: Path) -> None:
    """Write beside the target, then put it in place, so that a reader never sees half a model."""
    fresh = directory.with_name(directory.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    moved = matcher.archive_.write(fresh, directory, _steady(matcher))
    for name, array in _changing(matcher).items():
        np.save(fresh / f"{name}.npy", array)
    (fresh / "manifest.json").write_text(json.dumps(_manifest(matcher), ensure_ascii=False), encoding="utf-8")
    old = directory.with_name(directory.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.rename(old)
    fresh.rename(directory)
    moved()
    shutil.rmtree(old, ignore_errors=True)


def _manifest(matcher: Matcher) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "engine": __version__,
        "numpy": np.__version__,
        "version": matcher.version,
        "fingerprint": matcher.catalogue_.fingerprint,
        "settings": {name: value for name, value in matcher.get_params().items() if name != "lexicon"},
        "lexicon": [[list(concept.zh), list(concept.en), list(concept.codes)] for concept in matcher.lexicon],
        "dimensions": list(matcher.views_.intervals.dimensions),
        **{name: labels.names for name, labels in _labels(matcher).items()},
        "honesty": [matcher.honesty_.repetition, matcher.honesty_.words],
        "history": matcher.history_.choices,
        "labels": matcher.categories_.labels_,
        "ranker": {
            "weights": dict(matcher.ranker_.weights),
            "intercept": matcher.ranker_.intercept,
            "version": matcher.ranker_.version,
        },
        **{name: len(lines.parts) for name, lines in _lines(matcher).items()},
        "known": len(matcher.catalogue_.statements.known.parts),
        "ids": len(matcher.catalogue_.rows.ids.parts),
        "indexes": {
            name: {setting: getattr(index, setting) for setting in _SETTINGS} | {"words": len(index.vocabulary.parts)}
            for name, index in _indexes(matcher).items()
        },
        "views": {name: len(view.blocks) for name, view in matcher.views_.indexes.items()},
    }


def _labels(matcher: Matcher) -> dict[str, Labels]:
    """Return the labels of rows by the name they are stored under."""
    catalogue = matcher.catalogue_
    own = {"firms": catalogue.firms, "stages": catalogue.stages, "guessed": matcher.guessed_}
    return own | {"keys": catalogue.statements.keys, "units": catalogue.statements.units}


def _lines(matcher: Matcher) -> dict[str, Lines]:
    """Return all lines by the name they are stored under."""
    catalogue = matcher.catalogue_
    return {"sheets": catalogue.sheets.lines, "written": catalogue.written, "statements": catalogue.statements.lines}


def _plain_indexes(matcher: Matcher) -> dict[str, TermIndex]:
    """Return the indexes that an update leaves alone, by the name they are stored under."""
    return {
        **{f"label_{name}": index for name, index in matcher.categories_.indexes_.items()},
        "history_heads": matcher.history_.heads,
        "history_texts": matcher.history_.texts,
    }


def _indexes(matcher: Matcher) -> dict[str, TermIndex]:
    """Return every index by the name it is stored under."""
    return {**{f"view_{name}": view for name, view in matcher.views_.indexes.items()}, **_plain_indexes(matcher)}


def _steady(matcher: Matcher) -> dict[str, Array]:
    """Return the arrays nobody writes to, by the name they are stored under: an update replaces or adds some."""
    intervals, catalogue = matcher.views_.intervals, matcher.catalogue_
    found: dict[str, Array] = {f"intervals_{part}": getattr(intervals, part) for part in ("starts", "kinds", "ends")}
    found |= {name: labels.codes for name, labels in _labels(matcher).items()}
    found |= {"chinese": matcher.views_.chinese, "stuffing": matcher.stuffing_}
    found |= {f"statements_{part}": getattr(catalogue.statements, part) for part in _STATED}
    for name, lines in _lines(matcher).items():
        for number, (held, ends) in enumerate(lines.parts):
            found |= {f"{name}_{number}_lines": held, f"{name}_{number}_ends": ends}
    found |= _vocabulary_arrays("ids", catalogue.rows.ids)
    found |= _vocabulary_arrays("known", catalogue.statements.known)
    for name, index in _indexes(matcher).items():
        found |= _vocabulary_arrays(name, index.vocabulary)
    for name, index in _plain_indexes(matcher).items():
        index.segments = [merge(index.segments, len(index.vocabulary))] if len(index.segments) != 1 else index.segments
        found |= {f"{name}_{part}": getattr(index.segments[0], part) for part in ("indptr", "rows", "weights")}
    for name, view in matcher.views_.indexes.items():
        for number, block in enumerate(view.blocks):
            found |= {f"view_{name}_{number}_{part}": getattr(block, part) for part in ARRAYS}
    return found


def _vocabulary_arrays(name: str, vocabulary: Vocabulary) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for number, (hashes, numbers) in enumerate(vocabulary.parts):
        found |= {f"{name}_hashes_{number}": hashes, f"{name}_numbers_{number}": numbers}
    return found


def _changing(matcher: Matcher) -> dict[str, Array]:
    """Return the arrays that are changed in place, by the name they are stored under."""
    frequencies = {f"{name}_frequencies": index.frequencies for name, index in _indexes(matcher).items()}
    return {"alive": matcher.catalogue_.alive, "rows": matcher.catalogue_.rows.rows, **frequencies}


def load(kind: type[Matcher], directory: Path) -> Matcher:
    """Read a saved matcher. Raises ValueError when it is not one, or was written by another format."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"no saved matcher in {directory}") from error
    if manifest.get("format") != FORMAT:
        raise ValueError(f"format {manifest.get('format')!r} is not supported")
    lexicon = tuple(Concept(tuple(zh), tuple(en), tuple(codes)) for zh, en, codes in manifest["lexicon"])
    matcher = kind(**manifest["settings"], lexicon=lexicon)
    reader = _Reader(directory, manifest)
    matcher.archive_ = reader.archive
    matcher.catalogue_, matcher.guessed_ = reader.catalogue(), reader.labels("guessed")
    matcher.views_, matcher.categories_ = reader.views(), reader.categories()
    choices = [[(sheet, strength) for sheet, strength in row] for row in manifest["history"]]
    matcher.history_ = History(choices, reader.plain_index("history_heads"), reader.plain_index("history_texts"))
    matcher.honesty_, matcher.stuffing_ = Honesty(*manifest["honesty"]), reader.array("stuffing")
    matcher.translator_ = translator_of(tuple(lexicon))
    matcher.ranker_ = Ranker(**manifest["ranker"])
    return matcher


class _Reader:
    """Puts the parts of a stored matcher together again."""

    def __init__(self, directory: Path, manifest: dict[str, Any]) -> None:
        self.directory, self.manifest, self.archive = directory, manifest, Archive()

    def array(self, name: str) -> Array:
        return self.archive.read(self.directory, name)

    def own(self, name: str) -> Array:
        """Return an array to be changed in place."""
        array: Array = np.load(self.directory / f"{name}.npy", allow_pickle=False)
        return array

    def labels(self, name: str) -> Labels:
        return Labels.of(self.manifest[name], self.array(name))

    def catalogue(self) -> Catalogue:
        rows = Rows(self._vocabulary("ids", self.manifest["ids"]), self.own("rows"))
        own = (self.labels("firms"), self.labels("stages"), self._statements())
        checksum = int(self.manifest["fingerprint"], 16)
        shelf, written = Shelf(self._lines("sheets")), self._lines("written")
        return Catalogue(shelf, written, rows, self.own("alive"), *own, checksum)

    def _lines(self, name: str) -> Lines:
        parts = [(self.array(f"{name}_{n}_lines"), self.array(f"{name}_{n}_ends")) for n in range(self.manifest[name])]
        if any(len(held) != ends[-1] for held, ends in parts):
            raise ValueError(f"the stored {name} are damaged")
        return Lines(parts)

    def _statements(self) -> Statements:
        known, lines = self._vocabulary("known", self.manifest["known"]), self._lines("statements")
        numbers, plain, starts, made = (self.array(f"statements_{part}") for part in _STATED)
        return Statements(known, lines, self.labels("keys"), self.labels("units"), numbers, plain, starts, made)

    def _vocabulary(self, name: str, n_parts: int) -> Vocabulary:
        return Vocabulary(
            [(self.array(f"{name}_hashes_{n}"), self.array(f"{name}_numbers_{n}")) for n in range(n_parts)]
        )

    def _index(self, name: str, kind: type[Index]) -> Index:
        stored = self.manifest["indexes"][name]
        index = kind(stored["k1"], stored["b"], stored["cosine"], self._vocabulary(name, stored["words"]))
        index.frequencies = self.own(f"{name}_frequencies")
        index.mean_length, index.n_rows = stored["mean_length"], stored["n_rows"]
        return index

    def plain_index(self, name: str) -> TermIndex:
        index = self._index(name, TermIndex)
        arrays = (self.array(f"{name}_{part}") for part in ("indptr", "rows", "weights"))
        index.segments = [Segment(0, index.n_rows, *arrays)]
        return index

    def views(self) -> Views:
        views: dict[str, View] = {}
        for name, n_blocks in self.manifest["views"].items():
            view = self._index(f"view_{name}", View)
            view.blocks = [
                Block(*(self.array(f"view_{name}_{number}_{part}") for part in ARRAYS)) for number in range(n_blocks)
            ]
            _ = view.table  # raises where they are damaged
            views[name] = view
        dimensions = {name: number for number, name in enumerate(self.manifest["dimensions"])}
        numbers = Intervals(dimensions, *(self.array(f"intervals_{part}") for part in ("starts", "kinds", "ends")))
        return Views(views, self.array("chinese"), numbers)

    def categories(self) -> CategoryModel:
        model = CategoryModel()
        model.labels_ = tuple(self.manifest["labels"])
        model.indexes_ = {name: self.plain_index(f"label_{name}") for name in INDEXES}
        return model
