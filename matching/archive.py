"""Arrays in a directory. What has not changed since it was stored is linked from there instead of written again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Archive:
    """Remembers where arrays lie. Only arrays that nobody writes to may be given as unchanging."""

    def __init__(self) -> None:
        self._places: dict[int, tuple[Array, Path]] = {}  # the array is held, so that its number stays its own

    def write(self, directory: Path, final: Path, arrays: dict[str, Array]) -> Callable[[], None]:
        """Store arrays by name in a directory that will be moved to ``final``; return what to call when it has been."""
        for name, array in arrays.items():
            _, known = self._places.get(id(array), (None, None))
            if known is None or not _linked(known, directory / f"{name}.npy"):
                np.save(directory / f"{name}.npy", array)

        def moved() -> None:
            self._places = {id(array): (array, final / f"{name}.npy") for name, array in arrays.items()}

        return moved

    def read(self, directory: Path, name: str) -> Array:
        """Return a stored array, mapped into memory. Raises ValueError or OSError when it is not there or cut short."""
        path = directory / f"{name}.npy"
        # A plain array in place of the mapped one: the subclass costs every access.
        array: Array = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        self._places[id(array)] = (array, path)
        return array


def _linked(source: Path, target: Path) -> bool:
    """Give a file a second name; where links are not possible, copy it. Return whether there was a file."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:
        shutil.copyfile(source, target)
    return True
