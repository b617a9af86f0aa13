"""State machines as tables."""

from __future__ import annotations

from enum import StrEnum

import pytest

from app.core.errors import Conflict
from app.core.workflow import Workflow


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Press(StrEnum):
    GO = "go"
    STOP = "stop"


LIGHTS = Workflow(initial=Light.RED, arrows={(Light.RED, Press.GO): Light.GREEN, (Light.GREEN, Press.STOP): Light.RED})


def test_a_step_follows_its_arrow() -> None:
    assert LIGHTS.step(Light.RED, Press.GO) is Light.GREEN


def test_a_step_without_an_arrow_is_a_conflict() -> None:
    with pytest.raises(Conflict) as refused:
        LIGHTS.step(Light.RED, Press.STOP)

    assert refused.value.code == "illegal_step"
    assert refused.value.context == {"state": Light.RED, "event": Press.STOP}


def test_the_events_of_a_state_are_those_with_an_arrow() -> None:
    assert LIGHTS.events(Light.GREEN) == {Press.STOP}
