"""Keep a fitted matcher as arrays and JSON: nothing is ever unpickled. Arrays are mapped into memory on loading."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matching import __version__
from matching.catalogue import Catalogue
from matching.category import CategoryModel
from matching.history import History
from matching.index import Segment, TermIndex, merge
from matching.intervals import Intervals
from matching.labels import Labels
from matching.lexicon import Concept, Translator
from matching.rank import Ranker
from matching.shelf import Shelf
from matching.stuffing import Honesty
from matching.views import Views
from matching.vocabulary import Vocabulary

if TYPE_CHECKING:
    from matching.engine import Matcher

FORMAT = 4


def save(matcher: Matcher, directory: Path) -> None:
    """Write beside the target, then put it in place, so that a reader never sees half a model."""
    fresh = directory.with_name(directory.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    catalogue = matcher.catalogue_
    catalogue.sheets.save(fresh)
    np.save(fresh / "alive.npy", catalogue.alive)
    np.save(fresh / "chinese.npy", matcher.views_.chinese)
    for part in ("starts", "kinds", "ends"):
        np.save(fresh / f"intervals_{part}.npy", getattr(matcher.views_.intervals, part))
    for name, labels in _labels(matcher).items():
        np.save(fresh / f"{name}.npy", labels.codes)
    manifest = {
        "format": FORMAT,
        "engine": __version__,
        "numpy": np.__version__,
        "version": matcher.version,
        "fingerprint": catalogue.fingerprint,
        "settings": {name: value for name, value in matcher.get_params().items() if name != "lexicon"},
        "lexicon": [[list(concept.zh), list(concept.en), list(concept.codes)] for concept in matcher.lexicon],
        "dimensions": list(matcher.views_.intervals.dimensions),
        "rows": catalogue.rows,
        **{name: labels.names for name, labels in _labels(matcher).items()},
        "honesty": [matcher.honesty_.repetition, matcher.honesty_.words],
        "stuffing": matcher.stuffing_,
        "history": matcher.history_.choices,
        "labels": matcher.categories_.labels_,
        "ranker": {
            "weights": dict(matcher.ranker_.weights),
            "intercept": matcher.ranker_.intercept,
            "version": matcher.ranker_.version,
        },
        "indexes": {name: _write_index(index, fresh, name) for name, index in _indexes(matcher).items()},
    }
    (fresh / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    old = directory.with_name(directory.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.rename(old)
    fresh.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def _labels(matcher: Matcher) -> dict[str, Labels]:
    """Return the labels of rows by the name they are stored under."""
    return {"guessed": matcher.guessed_, "firms": matcher.catalogue_.firms, "stages": matcher.catalogue_.stages}


def _indexes(matcher: Matcher) -> dict[str, TermIndex]:
    """Return every index by the name it is stored under."""
    return {
        **{f"view_{name}": index for name, index in matcher.views_.indexes.items()},
        **{f"label_{name}": index for name, index in matcher.categories_.indexes_.items()},
        "history_heads": matcher.history_.heads,
        "history_texts": matcher.history_.texts,
    }


def _write_index(index: TermIndex, directory: Path, name: str) -> dict[str, Any]:
    segment = merge(index.segments, len(index.vocabulary))
    for part in ("indptr", "rows", "weights"):
        np.save(directory / f"{name}_{part}.npy", getattr(segment, part))
    np.save(directory / f"{name}_frequencies.npy", index.frequencies)
    index.vocabulary.save(directory, name)
    return {
        "k1": index.k1,
        "b": index.b,
        "cosine": index.cosine,
        "mean_length": index.mean_length,
        "n_rows": index.n_rows,
    }


def _read_index(stored: dict[str, Any], directory: Path, name: str) -> TermIndex:
    arrays = {
        part: np.load(directory / f"{name}_{part}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
        for part in ("indptr", "rows", "weights")
    }
    index = TermIndex(stored["k1"], stored["b"], stored["cosine"], Vocabulary.load(directory, name))
    index.frequencies = np.load(directory / f"{name}_frequencies.npy", allow_pickle=False)
    index.mean_length, index.n_rows = stored["mean_length"], stored["n_rows"]
    index.segments = [Segment(0, stored["n_rows"], arrays["indptr"], arrays["rows"], arrays["weights"])]
    return index


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
    labels = {
        name: Labels.of(manifest[name], np.load(directory / f"{name}.npy", allow_pickle=False))
        for name in ("guessed", "firms", "stages")
    }
    alive = np.load(directory / "alive.npy", allow_pickle=False)
    checksum = int(manifest["fingerprint"], 16)
    own = (labels["firms"], labels["stages"])
    matcher.catalogue_ = Catalogue(Shelf.load(directory), manifest["rows"], alive, *own, checksum)
    indexes = {name: _read_index(stored, directory, name) for name, stored in manifest["indexes"].items()}
    chinese = np.load(directory / "chinese.npy", allow_pickle=False)
    numbers = Intervals(
        {name: number for number, name in enumerate(manifest["dimensions"])},
        *(np.load(directory / f"intervals_{part}.npy", allow_pickle=False) for part in ("starts", "kinds", "ends")),
    )
    views = {n.removeprefix("view_"): i for n, i in indexes.items() if n.startswith("view_")}
    matcher.views_ = Views(views, chinese, numbers)
    matcher.categories_ = CategoryModel()
    matcher.categories_.labels_ = tuple(manifest["labels"])
    matcher.categories_.indexes_ = {n.removeprefix("label_"): i for n, i in indexes.items() if n.startswith("label_")}
    choices = [[(sheet, strength) for sheet, strength in row] for row in manifest["history"]]
    matcher.history_ = History(choices, indexes["history_heads"], indexes["history_texts"])
    matcher.guessed_ = labels["guessed"]
    matcher.honesty_, matcher.stuffing_ = Honesty(*manifest["honesty"]), manifest["stuffing"]
    matcher.translator_ = Translator(lexicon)
    matcher.ranker_ = Ranker(**manifest["ranker"])
    return matcher
