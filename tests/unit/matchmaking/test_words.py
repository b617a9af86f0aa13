"""What makes an entry of the lexicon sound, and who may teach."""

from __future__ import annotations

import uuid

import pytest

from app.core.actor import ANONYMOUS, SYSTEM, Actor, MemberRole, StaffRole
from app.matchmaking import policy
from app.matchmaking.commands import SaveLexiconEntry
from app.matchmaking.words import MAX_FORMS, MAX_LENGTH, faults, split_forms


def staff(role: StaffRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), roles=frozenset({role}))


OWNER = Actor(user_id=uuid.uuid4(), organization_id=uuid.uuid4(), member_role=MemberRole.OWNER, is_verified=True)


@pytest.mark.parametrize(
    ("actor", "may_read", "may_edit"),
    [
        (staff(StaffRole.PROVINCIAL_AUTHORITY), True, True),
        (staff(StaffRole.OPERATOR), True, False),
        (staff(StaffRole.SUPERVISOR), True, False),
        (staff(StaffRole.EXPERT), False, False),
        (OWNER, False, False),
        (SYSTEM, False, False),
        (ANONYMOUS, False, False),
    ],
)
def test_the_desk_reads_and_the_authority_teaches(actor: Actor, may_read: bool, may_edit: bool) -> None:
    assert bool(policy.can_read_lexicon(actor)) is may_read
    assert bool(policy.can_edit_lexicon(actor)) is may_edit


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("", ()),
        ("小电驴\n电单车", ("小电驴", "电单车")),
        ("小电驴，电单车；小电驴", ("小电驴", "电单车")),
        ("  e  scooter \r\n E Scooter ,,", ("E Scooter",)),
    ],
)
def test_words_are_split_at_lines_and_commas(text: str, forms: tuple[str, ...]) -> None:
    assert split_forms(text) == forms


@pytest.mark.parametrize(
    "entry",
    [
        SaveLexiconEntry(("小电驴",), ("e-scooter",)),
        SaveLexiconEntry(("还有电就关机",), (), "C0407"),
        SaveLexiconEntry((), ("dies at half charge",), "C0407"),
        SaveLexiconEntry(("灯",), ("lamp",), "T0905"),
    ],
)
def test_a_translation_or_words_of_a_category_are_sound(entry: SaveLexiconEntry) -> None:
    assert list(faults(entry)) == []


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (SaveLexiconEntry((), ()), "zh"),
        (SaveLexiconEntry((), (), "C0407"), "zh"),
        (SaveLexiconEntry(("小电驴",), ()), "code"),
        (SaveLexiconEntry(("小电驴",), (), "C9999"), "code"),
        (SaveLexiconEntry(("scooter",), ("scooter",)), "zh"),
        (SaveLexiconEntry(("小电驴",), ("小电驴",)), "en"),
        (SaveLexiconEntry(("小电驴",), ("e",)), "en"),
        (SaveLexiconEntry(("电" * (MAX_LENGTH + 1),), (), "C0407"), "zh"),
        (SaveLexiconEntry(tuple(f"电{n}" for n in range(MAX_FORMS + 1)), (), "C0407"), "zh"),
    ],
)
def test_an_entry_that_says_nothing_or_too_much_is_refused(entry: SaveLexiconEntry, field: str) -> None:
    assert [place for place, _ in faults(entry)] == [field]
