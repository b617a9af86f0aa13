"""Every action that the portal records has words for readers of the trail."""

from __future__ import annotations

import ast
from pathlib import Path

from app.audit.labels import CAPACITIES, NOUNS, VERBS
from app.core.actor import MemberRole, StaffRole

SOURCES = Path(__file__).parents[3] / "app"
RECORDERS = {"record", "record_sealed", "_record", "_recorder"}


def literals(tree: ast.AST) -> set[str]:
    """Return the texts with a dot in the middle that calls of recorders are given."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in RECORDERS]
    given = [argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)]
    return {
        text
        for text in given
        if isinstance(text, str) and text.count(".") == 1 and text.replace(".", "").replace("_", "").isalpha()
    }


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_recorded_action_has_words() -> None:
    actions = {text for file in SOURCES.rglob("*.py") for text in literals(ast.parse(file.read_text(encoding="utf-8")))}

    unnamed = {one for one in actions if one.split(".")[0] not in NOUNS or one.split(".")[1] not in VERBS}

    assert "bid.create" in actions
    assert unnamed == set()


def test_every_capacity_has_words() -> None:
    assert {*StaffRole, *MemberRole, "system", "person"} == set(CAPACITIES)
