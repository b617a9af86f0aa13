"""What lets thousands of tests in one process go faster: templates are compiled once, what lives on is not searched."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from types import CodeType

    from flask import Flask
    from jinja2.bccache import Bucket

YOUNG_OBJECTS = 50_000


class CompiledTemplates(BytecodeCache):
    """The compiled templates of every portal of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key] = (bucket.checksum, bucket.code)


COMPILED = CompiledTemplates()


def share_templates(app: Flask) -> None:
    """Let a portal use what another one has compiled."""
    app.jinja_env.bytecode_cache = COMPILED


def spare_the_collector() -> None:
    """Take the modules and tests out of garbage collection, which else goes through them all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
