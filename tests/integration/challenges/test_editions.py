"""What was published stays as it was, and anybody can check it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.challenges import service
from app.challenges.commands import PublishChallenge
from app.challenges.models import Challenge, ChallengeEdition, ChallengeStep
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.demands.commands import ReviewPosting
from app.demands.workflow import PostingState
from tests.factories.accounts import officer
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory, prefecture_programme
from tests.factories.keys import three_keys
from tests.support.clock import NOON
from tests.support.process import DAY, HOUR, OPINION, in_state

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

SIGNED = PublishChallenge(OPINION.opinion, is_fair=True)
LIMIT = [{"kind": "region", "text": "仅限省内", "legal_basis": "《公平竞争审查条例》第十二条"}]


@pytest.fixture(autouse=True)
def _holders(session: Session) -> None:
    """Let there be people for whom bids can be locked; without them nothing is published."""
    three_keys()


def publish(session: Session, row: Challenge, command: ReviewPosting | PublishChallenge = SIGNED) -> Challenge:
    done = service.publish_challenge(
        session, actor=officer().as_actor(), challenge_id=row.id, command=command, now=NOON
    )
    session.commit()
    return done


def edition_of(session: Session, row: Challenge) -> ChallengeEdition:
    return session.scalars(sa.select(ChallengeEdition).where(ChallengeEdition.challenge_id == row.id)).one()


def test_publication_keeps_an_edition(session: Session) -> None:
    row = publish(session, in_state(PostingState.APPROVED))

    edition = edition_of(session, row)
    public = edition.snapshot["document"]["public"]
    assert (edition.number, edition.diff) == (1, [])
    assert (public["title"], public["bid_deadline_at"]) == (row.title, row.bid_deadline_at.isoformat())  # type: ignore[union-attr]
    assert public["programme"]["panel_min"] == 5


def test_a_target_that_is_kept_until_the_nda_is_in_no_public_document(session: Session) -> None:
    row = in_state(PostingState.APPROVED)
    row.kpis[0].visibility, row.kpis[0].target = "nda", "31415"  # type: ignore[assignment]
    session.commit()

    publish(session, row)

    kept = edition_of(session, row).snapshot
    assert kept["document"]["public"]["kpis"]["K01"]["target"] is None
    assert kept["confidential"]["kpis"]["K01"]["target"] == "31415"


def test_everybody_can_check_an_edition_by_its_file(session: Session, client: FlaskClient) -> None:
    row = publish(session, in_state(PostingState.APPROVED))
    edition = edition_of(session, row)

    answer = client.get(f"/challenges/{row.id}/editions/1.json")

    assert hashlib.sha256(answer.data).hexdigest() == edition.hash
    assert edition.hash in client.get(f"/challenges/{row.id}").text
    assert client.get(f"/challenges/{row.id}/editions/2.json").status_code == 404


@pytest.mark.parametrize("change", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize(("table", "column"), [("challenge_editions", "reason"), ("challenge_steps", "text")])
def test_nobody_changes_the_record_not_even_in_the_database(
    session: Session, change: str, table: str, column: str
) -> None:
    publish(session, in_state(PostingState.APPROVED))

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(sa.text(change.format(table, column)))


@pytest.mark.parametrize("value", [NOON + 29 * DAY, None])
def test_a_published_deadline_moves_later_only_whoever_writes_it(session: Session, value: dt.datetime | None) -> None:
    row = ChallengeFactory()
    table = Challenge.__table__

    with pytest.raises(DatabaseError, match="later"):
        session.execute(sa.update(table).where(table.c.id == row.id).values(bid_deadline_at=value))


def test_a_later_deadline_is_let_through(session: Session) -> None:
    row = ChallengeFactory()
    row.bid_deadline_at = NOON + 31 * DAY

    session.commit()

    assert row.bid_deadline_at == NOON + 31 * DAY


def test_once_a_key_was_released_the_deadline_stays(session: Session) -> None:
    row = ChallengeFactory(closed=True, keys_released_at=NOON)
    row.bid_deadline_at = NOON + 31 * DAY

    with pytest.raises(DatabaseError, match="later"):
        session.flush()


def test_the_deadline_of_a_draft_moves_as_its_owner_likes(session: Session) -> None:
    row = ChallengeFactory(draft=True)
    row.bid_deadline_at = NOON + 25 * DAY

    session.commit()

    assert row.bid_deadline_at == NOON + 25 * DAY


def test_a_public_number_stays(session: Session) -> None:
    row = ChallengeFactory()
    row.code = None

    with pytest.raises(DatabaseError, match="number stays"):
        session.flush()


def test_without_the_self_check_nothing_is_published(session: Session) -> None:
    with pytest.raises(RuleViolation, match="self-check"):
        publish(session, in_state(PostingState.APPROVED), PublishChallenge(OPINION.opinion))


def test_a_challenge_that_limits_bidders_goes_no_short_way_around_the_self_check(session: Session) -> None:
    row = ChallengeFactory(submitted=True, restrictions=LIMIT)

    with pytest.raises(RuleViolation, match="self-check"):
        publish(session, row, OPINION)


def test_the_self_check_is_on_record(session: Session) -> None:
    publish(session, in_state(PostingState.APPROVED, restrictions=LIMIT))

    assert session.scalars(sa.select(ChallengeStep)).one().checklist == ["fair_competition"]


@pytest.mark.parametrize("needed", ["requires_recommendation", "requires_appraisal"])
def test_where_the_programme_asks_for_more_nothing_is_published_at_once(session: Session, needed: str) -> None:
    row = ChallengeFactory(submitted=True, programme=ProgrammeFactory(**{needed: True}), submitted_at=NOON - 9 * DAY)

    with pytest.raises(Conflict, match="approved before"):
        publish(session, row)


def scheduled(session: Session, at: dt.datetime = NOON + HOUR, **attributes: Any) -> Challenge:
    row = in_state(PostingState.APPROVED, **attributes)
    return publish(session, row, PublishChallenge(OPINION.opinion, is_fair=True, publish_at=at))


def test_a_challenge_waits_for_its_moment(session: Session) -> None:
    row = scheduled(session)

    early = service.publish_due_challenges(session, NOON + HOUR - dt.timedelta(seconds=1))
    on_time = service.publish_due_challenges(session, NOON + HOUR)
    session.commit()

    step = session.scalars(sa.select(ChallengeStep)).one()
    assert (early, on_time, row.state, row.published_at) == (0, 1, PostingState.PUBLISHED, NOON + HOUR)
    assert (step.actor_id, step.capacity) == (SYSTEM.user_id, "system")
    assert edition_of(session, row).number == 1


def test_a_moment_that_has_passed_is_none(session: Session) -> None:
    with pytest.raises(RuleViolation, match="passed"):
        scheduled(session, NOON)


def test_the_time_for_bids_is_counted_from_the_moment_of_publication(session: Session) -> None:
    with pytest.raises(RuleViolation, match="less time"):
        scheduled(session, NOON + 11 * DAY)


def test_what_breaks_a_rule_at_its_moment_waits_for_a_person(session: Session) -> None:
    row = scheduled(session)
    row.programme.min_bid_window_days = 40
    session.commit()

    done = service.publish_due_challenges(session, NOON + HOUR)
    session.commit()

    assert (done, row.state, row.publish_at) == (0, PostingState.APPROVED, None)


def test_a_programme_with_the_whole_path_is_the_prefectures_first(session: Session) -> None:
    row = ChallengeFactory(submitted=True, programme=prefecture_programme(), submitted_at=NOON - HOUR)

    with pytest.raises(Conflict, match="five working days"):
        publish(session, row)
