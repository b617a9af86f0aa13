"""What lets thousands of tests in one process go faster.

Templates and routes are compiled once, passwords are hashed with little work, and what lives on is not searched for
garbage.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable
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


def share_routes() -> None:
    """Compile what builds the address of a route once, not for every portal: it is most of the making of one."""
    compile_builder = Rule._compile_builder
    kept: dict[Any, Callable[..., tuple[str, str]]] = {}

    def compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compiled_once  # type: ignore[method-assign]


def hash_lightly(app: Flask) -> None:
    """Spend as little on hashes of passwords and links as the methods allow: guessing is not what tests fear."""
    security = app.extensions["security"]
    security.pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    security.hashing_context.update(sha256_crypt__rounds=1000)


def stop_the_collector() -> None:
    """Let modules and tests be loaded without being searched for garbage: all of them stay."""
    gc.disable()


def spare_the_collector() -> None:
    """Take the modules and tests out of garbage collection, which else goes through them all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()
