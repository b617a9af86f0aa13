"""The process passport: who gets what, and what the verifier finds."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.audit.models import AuditEvent
from app.awards.passport.verify import verify
from app.bids.models import Bid
from app.challenges.models import Challenge
from tests.factories import awards as make
from tests.factories.accounts import UserFactory, officer
from tests.factories.challenges import ChallengeFactory
from tests.factories.reviews import ranked as reviewed
from tests.support.envelopes import close, open_prices, opened_bids, rank, scored
from tests.support.reading import tells

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


def fetch(client: FlaskClient, challenge_id: Any) -> bytes:
    response = client.get(f"/challenges/{challenge_id}/passport.zip")
    assert response.status_code == 200
    return response.data


def names(content: bytes) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(content)).namelist())


def unpacked(content: bytes, folder: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def test_everybody_gets_what_is_public_and_no_scores(client: FlaskClient) -> None:
    publicity = make.noticed(2)

    found = names(fetch(client, publicity.challenge_id))

    assert {"passport.json", "verify.py", "notices.json", "awards.json", "editions.json"} <= found
    assert not {"ranking.json", "proposals.json"} & found
    assert not any(name.startswith("bids/") for name in found)


def test_nothing_public_names_a_price_or_a_person(client: FlaskClient) -> None:
    publicity = make.noticed(2)

    pack = zipfile.ZipFile(io.BytesIO(fetch(client, publicity.challenge_id)))

    told = "".join(pack.read(name).decode() for name in pack.namelist() if name.endswith(".json"))
    assert not tells(told, "1200")
    assert "actor_name" not in told


def test_the_owner_gets_the_ranking_too(client: FlaskClient, login: Any, session: Session) -> None:
    publicity = make.noticed(2)
    login(client, make.owner_of(session.get_one(Challenge, publicity.challenge_id)))

    assert {"ranking.json", "proposals.json"} <= names(fetch(client, publicity.challenge_id))


def test_a_bidder_gets_its_own_statement_and_nobody_elses(client: FlaskClient, login: Any, session: Session) -> None:
    publicity = make.in_notice(session.get_one(Challenge, reviewed(2).challenge_id))
    bid = session.scalars(sa.select(Bid).where(Bid.challenge_id == publicity.challenge_id)).first()
    assert bid is not None
    login(client, UserFactory(organization=session.get_one(Organization, bid.organization_id)))

    found = {name for name in names(fetch(client, publicity.challenge_id)) if name.startswith("bids/")}

    assert found == {f"bids/{bid.receipt_code}/statement.json", f"bids/{bid.receipt_code}/feedback.json"}


def test_what_the_authority_takes_is_on_record(client: FlaskClient, login: Any, session: Session) -> None:
    publicity = make.noticed(2)
    login(client, officer())

    fetch(client, publicity.challenge_id)

    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "passport.download")).one()
    assert event.details == {"level": "authority"}


@pytest.mark.parametrize("made", [make.ranked, lambda: ChallengeFactory(closed=True), ChallengeFactory])
def test_there_is_no_passport_before_a_result(client: FlaskClient, made: Any) -> None:
    assert client.get(f"/challenges/{made().id}/passport.zip").status_code == 404


def test_the_verifier_finds_a_passport_sound_without_the_portal(
    client: FlaskClient, login: Any, tmp_path: Path
) -> None:
    publicity = make.noticed(2)
    login(client, officer())
    folder = unpacked(fetch(client, publicity.challenge_id), tmp_path)

    run = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py")], capture_output=True, text=True, check=False, cwd=folder
    )

    assert (run.returncode, run.stdout.count("ok ")) == (0, 4)


def told(folder: Path) -> list[str]:
    lines: list[str] = []
    verify(folder, out=lines.append)
    return [line for line in lines if line.startswith("FAILED")]


def test_the_verifier_finds_a_changed_file(client: FlaskClient, tmp_path: Path) -> None:
    folder = unpacked(fetch(client, make.noticed(2).challenge_id), tmp_path)
    notices = folder / "notices.json"
    notices.write_text(notices.read_text().replace("N1", "N2"))

    assert told(folder) == ["FAILED  files: changed: notices.json"]


def test_the_verifier_finds_what_is_missing_and_what_was_added(client: FlaskClient, tmp_path: Path) -> None:
    folder = unpacked(fetch(client, make.noticed(2).challenge_id), tmp_path)
    (folder / "awards.json").unlink()
    (folder / "more.json").write_text("{}")

    assert told(folder) == ["FAILED  files: missing: awards.json", "FAILED  files: not listed: more.json"]


def test_the_verifier_finds_a_changed_event_of_the_trail(client: FlaskClient, login: Any, tmp_path: Path) -> None:
    publicity = make.noticed(2)
    login(client, officer())
    folder = unpacked(fetch(client, publicity.challenge_id), tmp_path)
    events = json.loads((folder / "audit.json").read_text())
    events[0]["columns"][3] = "somebody else"
    (folder / "audit.json").write_text(json.dumps(events))

    assert any("audit trail: event" in line for line in told(folder))


def test_what_is_no_passport_is_said(tmp_path: Path) -> None:
    lines: list[str] = []

    assert not verify(tmp_path, out=lines.append)
    assert "no passport" in lines[0]


@pytest.fixture
def priced(client: FlaskClient, login: Any, session: Session, tmp_path: Path) -> Path:
    """The passport of the lowest bidder of a competition whose prices were sealed apart."""
    found = opened_bids()
    panel = close(scored(found))
    open_prices(panel.challenge)
    rank(panel)
    make.in_notice(session.get_one(Challenge, panel.challenge_id))
    login(client, UserFactory(organization=session.get_one(Organization, found[1].organization_id)))
    return unpacked(fetch(client, panel.challenge_id), tmp_path)


def test_a_bidder_gets_the_statement_of_its_price_and_nobody_elses(priced: Path) -> None:
    (price,) = priced.glob("bids/*/price-statement.json")

    assert json.loads(price.read_bytes())["price_total_wan"] == "800"
    assert told(priced) == []


def test_the_verifier_finds_a_price_that_was_never_on_the_list(priced: Path) -> None:
    (price,) = priced.glob("bids/*/price-statement.json")
    price.write_bytes(price.read_bytes().replace(b"800", b"700"))

    assert any("no commitment on the list belongs to" in line for line in told(priced))
