"""After the deadline: who opens, how many it takes, what stays closed, and what is on record."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.bids import service
from app.bids.content import filled, statement_of
from app.bids.models import Bid, BidShare, Opening, OpeningRelease
from app.bids.receipt import hash_of
from app.bids.sealing import locked_contents
from app.bids.service import opening as opening_service
from app.bids.workflow import BidState
from app.core.actor import StaffRole
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingState
from app.files import storage
from app.files.models import StoredFile
from app.files.service import read_file
from app.keys.crypto import new_pair
from app.keys.models import ChallengeKeyHolder, KeyHolder
from tests.factories.accounts import UserFactory, officer
from tests.factories.bids import CODE
from tests.factories.challenges import ProgrammeFactory
from tests.factories.keys import PRIVATE, three_keys
from tests.support.bidding import complete_bid, content_of, editor_of, open_challenge, seal
from tests.support.clock import NOON
from tests.support.opening import damaged, pass_deadline, person_of, release, sealed_bids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def holders(session: Session, challenge: Challenge) -> Sequence[KeyHolder]:
    query = (
        select(KeyHolder)
        .join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
        .where(ChallengeKeyHolder.challenge_id == challenge.id)
        .order_by(KeyHolder.id)
    )
    return session.scalars(query).all()


@pytest.fixture
def bids(session: Session) -> list[Bid]:
    """Two sealed bids for a challenge that is closed."""
    found = sealed_bids(session)
    pass_deadline(session, found[0].challenge)
    return found


def opened(session: Session, bids: list[Bid]) -> Opening:
    first, second, _spare = holders(session, bids[0].challenge)
    release(session, first, bids[0].challenge)
    return release(session, second, bids[0].challenge)


def states(session: Session, bids: list[Bid]) -> list[str]:
    session.expire_all()
    return [session.get_one(Bid, bid.id).state.value for bid in bids]


def test_one_holder_opens_nothing(session: Session, bids: list[Bid]) -> None:
    challenge = bids[0].challenge

    opening = release(session, holders(session, challenge)[0], challenge)

    assert opening.opened_at is None
    assert states(session, bids) == ["sealed", "sealed"]
    assert challenge.state is PostingState.CLOSED


def test_two_holders_open_all_bids_at_once(session: Session, bids: list[Bid]) -> None:
    firms = [bid.firm.id for bid in bids]

    opening = opened(session, bids)

    assert opening.opened_at == NOON
    assert states(session, bids) == ["opened", "opened"]
    assert [bid.organization_id for bid in bids] == firms
    assert content_of(session, bids[0]).price_total_wan == Decimal(1200)
    assert bids[0].challenge.state is PostingState.EVALUATING


def test_any_two_of_the_three_suffice_when_one_is_lost(session: Session, bids: list[Bid]) -> None:
    _lost, second, third = holders(session, bids[0].challenge)

    release(session, third, bids[0].challenge)
    release(session, second, bids[0].challenge)

    assert states(session, bids) == ["opened", "opened"]


def test_an_opened_bid_hashes_to_what_its_firm_committed_to(session: Session, bids: list[Bid]) -> None:
    opened(session, bids)

    content_of(session, bids[0])
    assert hash_of(statement_of(bids[0])) == bids[0].content_hash


def test_its_content_comes_back_as_it_was_written(session: Session) -> None:
    bid = complete_bid(details={"leader": {"name": "黎望川"}, "milestones": []}, price_total_wan=Decimal("1199.50"))
    written = filled(bid)
    service.save_bid(session, actor=editor_of(bid), bid_id=bid.id, command=_with_plan(written), now=NOON)
    before = filled(bid)
    seal(session, bid)
    pass_deadline(session, bid.challenge)

    opened(session, [bid])

    after = content_of(session, bid)
    assert sorted(after.commitments, key=str) == sorted(before.commitments, key=str)
    assert (after.milestones, after.price_total_wan) == (before.milestones, Decimal("1199.5"))
    assert bid.details["leader"] == {"name": "黎望川"}


def _with_plan(written: Any) -> Any:
    from dataclasses import replace

    from app.bids.commands import Milestone

    plan = (Milestone(6, "工程样片", 40, ("K01",)), Milestone(20, "小批供货", 60, ("K05",)))
    return replace(written, milestones=plan, version=None)


def test_files_become_ordinary_files_of_the_firm(session: Session) -> None:
    bid = complete_bid()
    upload = SimpleNamespace(filename="report.pdf", stream=io.BytesIO(PDF))
    service.attach_file(session, actor=editor_of(bid), bid_id=bid.id, upload=upload, max_bytes=1024, now=NOON)
    seal(session, bid)
    pass_deadline(session, bid.challenge)

    opened(session, [bid])

    file = session.scalars(select(StoredFile).where(StoredFile.purpose == "bid")).one()
    assert (file.filename, file.organization_id, file.sealed_by) == ("report.pdf", bid.firm.id, None)
    assert read_file(file) == PDF


def test_before_the_deadline_no_key_can_be_released(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]

    with pytest.raises(RuleViolation, match="Until the deadline"):
        release(session, holders(session, bid.challenge)[0], bid.challenge)


def test_one_millisecond_before_the_deadline_even_a_closed_challenge_releases_nothing(
    session: Session, bids: list[Bid], monkeypatch: pytest.MonkeyPatch
) -> None:
    deadline = bids[0].challenge.bid_deadline_at or NOON
    monkeypatch.setattr(opening_service, "database_now", lambda _session: deadline - dt.timedelta(milliseconds=1))

    with pytest.raises(RuleViolation, match="Until the deadline"):
        release(session, holders(session, bids[0].challenge)[0], bids[0].challenge)


def test_a_challenge_that_its_job_has_not_closed_yet_is_closed_by_the_release(session: Session) -> None:
    from tests.support.bidding import move_deadline

    bid = sealed_bids(session, 1)[0]
    move_deadline(session, bid.challenge, -dt.timedelta(milliseconds=1))

    release(session, holders(session, bid.challenge)[0], bid.challenge)

    assert bid.challenge.state is PostingState.CLOSED


def test_the_same_person_does_not_release_twice(session: Session, bids: list[Bid]) -> None:
    holder = holders(session, bids[0].challenge)[0]
    release(session, holder, bids[0].challenge)

    with pytest.raises(Conflict, match="released your key"):
        release(session, holder, bids[0].challenge)


def test_who_holds_no_key_of_this_challenge_releases_nothing(session: Session, bids: list[Bid]) -> None:
    stranger = three_keys()[0]

    with pytest.raises(NotAllowed):
        release(session, stranger, bids[0].challenge)


def test_after_the_opening_a_late_holder_is_told_that_all_is_open(session: Session, bids: list[Bid]) -> None:
    opened(session, bids)

    with pytest.raises(Conflict, match="open already"):
        release(session, holders(session, bids[0].challenge)[2], bids[0].challenge)


def test_from_the_first_release_on_no_deadline_moves(session: Session, bids: list[Bid]) -> None:
    release(session, holders(session, bids[0].challenge)[0], bids[0].challenge)

    assert bids[0].challenge.keys_released_at == NOON


def test_without_a_sealed_bid_there_is_nothing_to_open(session: Session) -> None:
    draft = complete_bid()
    pass_deadline(session, draft.challenge)

    with pytest.raises(RuleViolation) as refusal:
        release(session, holders(session, draft.challenge)[0], draft.challenge)

    assert refusal.value.code == "no_bids"


def test_fewer_bids_than_the_programme_needs_stay_closed(session: Session) -> None:
    challenge = open_challenge(programme=ProgrammeFactory(min_valid_bids=2))
    sealed_bids(session, 1, challenge)
    pass_deadline(session, challenge)

    with pytest.raises(RuleViolation) as refusal:
        release(session, holders(session, challenge)[0], challenge)

    assert refusal.value.code == "too_few_bids"


def test_drafts_that_were_not_submitted_are_never_opened(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]
    draft = complete_bid(bid.challenge)
    pass_deadline(session, bid.challenge)

    opened(session, [bid])

    assert states(session, [bid, draft]) == ["opened", "draft"]
    assert draft.organization_id is None


def test_a_corrupted_ciphertext_keeps_one_bid_closed_and_no_other(session: Session, bids: list[Bid]) -> None:
    broken = bids[0]
    broken.ciphertext = damaged(broken.ciphertext)
    session.commit()

    opening = opened(session, bids)

    assert states(session, bids) == ["sealed", "opened"]
    assert broken.opening_error == "ciphertext"
    assert {one["error"] for one in opening.record["bids"].values()} == {"", "ciphertext"}
    assert broken.challenge.state is PostingState.EVALUATING


def test_a_damaged_share_is_made_up_for_by_a_third_holder(session: Session, bids: list[Bid]) -> None:
    challenge = bids[0].challenge
    first, second, third = holders(session, challenge)
    share = session.scalars(select(BidShare).where(BidShare.bid_id == bids[0].id, BidShare.holder_id == first.id)).one()
    share.sealed = damaged(share.sealed)
    session.commit()
    release(session, first, challenge)
    release(session, second, challenge)
    assert states(session, bids) == ["sealed", "opened"]
    assert bids[0].opening_error == "shares"

    release(session, third, challenge)

    assert states(session, bids) == ["opened", "opened"]
    assert session.scalar(select(OpeningRelease.n_damaged).where(OpeningRelease.holder_id == first.id)) == 1


def test_a_lost_file_keeps_its_bid_closed_until_the_store_is_repaired(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, bytes] = {}
    bid = complete_bid()
    upload = SimpleNamespace(filename="report.pdf", stream=io.BytesIO(PDF))
    with monkeypatch.context() as losing:
        losing.setattr(storage, "keep", kept.__setitem__)
        service.attach_file(session, actor=editor_of(bid), bid_id=bid.id, upload=upload, max_bytes=1024, now=NOON)
    seal(session, bid)
    pass_deadline(session, bid.challenge)
    opened(session, [bid])
    assert (states(session, [bid]), bid.opening_error) == (["sealed"], "file")

    [storage.keep(*one) for one in kept.items()]
    service.open_again(session, actor=officer().as_actor(), challenge_id=bid.challenge_id, now=NOON)
    session.commit()

    assert (states(session, [bid]), bid.opening_error) == (["opened"], "")


def test_a_ciphertext_put_into_another_bids_row_is_found_out(session: Session, bids: list[Bid]) -> None:
    one, other = bids
    one.ciphertext, other.ciphertext = other.ciphertext, one.ciphertext
    session.commit()

    opened(session, bids)

    assert states(session, bids) == ["sealed", "sealed"]


def test_a_commitment_changed_in_the_database_is_found_out(session: Session, bids: list[Bid]) -> None:
    bids[0].content_hash = "0" * 64
    session.commit()

    opened(session, bids)

    assert (states(session, bids), bids[0].opening_error) == (["sealed", "opened"], "commitment")


def test_a_bid_passed_off_as_another_firms_is_found_out(session: Session, bids: list[Bid]) -> None:
    bids[0].firm_tag = "f" * 64
    session.commit()

    opened(session, bids)

    assert bids[0].opening_error == "bidder"


def test_another_private_key_releases_only_damaged_shares(session: Session, bids: list[Bid]) -> None:
    actor = person_of(session, holders(session, bids[0].challenge)[0])

    service.release_key(session, actor=actor, challenge_id=bids[0].challenge_id, private=new_pair()[1], now=NOON)

    assert session.scalars(select(OpeningRelease.n_shares)).one() == 0


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.SUPERVISOR])
def test_only_the_authority_tries_again(session: Session, bids: list[Bid], role: StaffRole) -> None:
    with pytest.raises(NotAllowed):
        service.open_again(
            session, actor=UserFactory(staff=(role,)).as_actor(), challenge_id=bids[0].challenge_id, now=NOON
        )


def test_there_is_nothing_to_try_again_while_nothing_failed(session: Session, bids: list[Bid]) -> None:
    opened(session, bids)

    with pytest.raises(Conflict):
        service.open_again(session, actor=officer().as_actor(), challenge_id=bids[0].challenge_id, now=NOON)


def test_the_record_says_who_released_when_and_what_was_opened(session: Session, bids: list[Bid]) -> None:
    opening = opened(session, bids)

    first, second, _spare = holders(session, bids[0].challenge)
    names = {person_of(session, one).name for one in (first, second)}
    assert {one["name"] for one in opening.record["releases"]} == names
    assert opening.record["threshold"] == 2
    assert set(opening.record["bids"]) == {bid.content_hash for bid in bids}


def test_released_shares_are_not_stored_in_plain(session: Session, bids: list[Bid]) -> None:
    release(session, holders(session, bids[0].challenge)[0], bids[0].challenge)

    box = session.scalars(select(OpeningRelease.shares_box)).one()
    assert str(bids[0].id).encode() not in box


def test_the_list_is_fixed_at_the_deadline_in_order_of_time(session: Session, bids: list[Bid]) -> None:
    opening = session.get_one(Opening, bids[0].challenge_id)

    assert {one["commitment"] for one in opening.commitments} == {bid.content_hash for bid in bids}
    assert [one["sealed_at"] for one in opening.commitments] == sorted(one["sealed_at"] for one in opening.commitments)


def test_withdrawn_bids_and_drafts_are_not_on_the_list(session: Session) -> None:
    kept, gone = sealed_bids(session)
    complete_bid(kept.challenge)
    service.withdraw_bid(session, actor=editor_of(gone), bid_id=gone.id, now=NOON)
    pass_deadline(session, kept.challenge)

    opening = session.get_one(Opening, kept.challenge_id)

    assert [one["commitment"] for one in opening.commitments] == [kept.content_hash]


def test_a_bid_for_an_outdated_core_lapses_at_the_deadline_and_only_its_firm_can_read_it(session: Session) -> None:
    lapsed, confirmed = sealed_bids(session)
    lapsed.challenge.edition = lapsed.challenge.reconfirm_from_edition = 2
    session.commit()
    service.confirm_bid(session, actor=editor_of(confirmed), bid_id=confirmed.id, code=CODE, new_code=CODE, now=NOON)
    session.commit()

    pass_deadline(session, lapsed.challenge)

    shares = session.scalar(select(func.count()).select_from(BidShare).where(BidShare.bid_id == lapsed.id))
    assert (lapsed.state, lapsed.end_reason, shares) == (BidState.WITHDRAWN, "unconfirmed", 0)
    assert lapsed.reopening_box is not None
    assert [one["commitment"] for one in session.get_one(Opening, lapsed.challenge_id).commitments] == [
        confirmed.content_hash
    ]


def test_files_of_a_lapsed_bid_stay_for_its_firm(session: Session) -> None:
    bid = complete_bid()
    upload = SimpleNamespace(filename="report.pdf", stream=io.BytesIO(PDF))
    service.attach_file(session, actor=editor_of(bid), bid_id=bid.id, upload=upload, max_bytes=1024, now=NOON)
    seal(session, bid)

    service.return_bids(session, bid.challenge, NOON)
    session.commit()

    assert len(session.scalars(locked_contents()).all()) == 1


def test_confirming_gives_a_new_receipt_for_the_new_edition_and_ends_the_old_one(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]
    old = (bid.receipt_code, bid.content_hash)
    bid.challenge.edition = bid.challenge.reconfirm_from_edition = 2
    session.commit()

    service.confirm_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, new_code="NEW1", now=NOON)
    session.commit()

    assert bid.challenge_edition == 2
    assert bid.receipt_code != old[0]
    assert bid.content_hash != old[1]
    with pytest.raises(RuleViolation):
        service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)


def test_an_edition_that_changes_no_core_lets_bids_carry_over(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]
    bid.challenge.edition = 2
    session.commit()

    pass_deadline(session, bid.challenge)

    assert bid.state is BidState.SEALED


def test_a_bid_for_the_newest_edition_needs_no_confirmation(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]

    with pytest.raises(Conflict):
        service.confirm_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, new_code="NEW1", now=NOON)


def test_a_confirmed_bid_must_still_answer_what_is_asked(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]
    bid.challenge.edition = bid.challenge.reconfirm_from_edition = 2
    bid.challenge.reward_total_wan = Decimal(100)
    session.commit()

    with pytest.raises(RuleViolation) as refusal:
        service.confirm_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, new_code="NEW1", now=NOON)

    assert refusal.value.field == "price_total_wan"


def test_bids_of_a_challenge_that_is_taken_back_are_returned_unopened(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]
    draft = complete_bid(bid.challenge)

    service.return_bids(session, bid.challenge, NOON)
    session.commit()

    assert (bid.state, bid.end_reason) == (BidState.WITHDRAWN, "cancelled")
    assert session.scalar(select(func.count()).select_from(BidShare)) == 0
    assert draft.state is BidState.DRAFT


def test_what_the_database_holds_of_a_sealed_bid_is_kept_plain_free_by_the_database_itself(session: Session) -> None:
    from sqlalchemy.exc import IntegrityError

    bid = sealed_bids(session, 1)[0]
    bid.price_total_wan = Decimal(5)

    with pytest.raises(IntegrityError):
        session.commit()


def test_the_statement_is_the_firms_to_keep_and_says_everything(session: Session) -> None:
    from app.bids.content import unseal_with_code

    bid = sealed_bids(session, 1)[0]

    told = json.loads(unseal_with_code(bid, CODE).statement)

    assert told["schema"] == "chipbridge-bid-1"
    assert (told["organization_id"], told["receipt_code"]) == (str(bid.firm.id), bid.receipt_code)
    assert len(told["salt"]) == 32
    assert "key" not in json.dumps(told["files"])
    assert PRIVATE.hex() not in json.dumps(told)
