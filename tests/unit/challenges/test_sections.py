"""The parts of the form."""

from __future__ import annotations

import pytest

from app.challenges.commands import SaveChallenge
from app.challenges.forms import ChallengeForm
from app.challenges.rules import faults
from app.challenges.sections import next_anchor, progress
from app.demands.rules import Fault
from tests.support.challenges import challenge


def test_a_complete_challenge_has_no_gap_anywhere() -> None:
    assert {part.n_gaps for part in progress(faults(challenge(), complete=True))} == {0}


def test_every_section_of_an_empty_challenge_has_gaps() -> None:
    assert all(part.n_gaps for part in progress(faults(SaveChallenge(), complete=True)))


def test_what_belongs_to_no_section_belongs_to_the_need() -> None:
    parts = progress([Fault("title", ""), Fault("kpis", "", 0, "unit"), Fault("kpis", "")])

    assert [(part.anchor, part.n_gaps) for part in parts if part.n_gaps] == [("need", 1), ("indicators", 2)]


@pytest.mark.parametrize(
    ("anchor", "following"),
    [("need", "content"), ("terms", "declarations"), ("declarations", "declarations"), ("nowhere", "need")],
)
def test_one_section_leads_to_the_next(anchor: str, following: str) -> None:
    assert next_anchor(anchor) == following


def test_every_rule_speaks_of_a_field_of_the_form() -> None:
    assert {fault.field for fault in faults(SaveChallenge(), complete=True)} <= set(dir(ChallengeForm))
