"""Handing in the licence, and deciding about it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.models import Organization, UsccCheck, Verification
from app.accounts.workflow import VerificationState
from app.audit.models import AuditEvent
from app.core.actor import MemberRole, StaffRole
from app.files.models import StoredFile
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, VerificationFactory, officer, operator
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

PAGE = "/workspace/company/verification"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 120
MEBIBYTE = 1024 * 1024


def licence(content: bytes = PDF, name: str = "licence.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def hand_in(client: FlaskClient, **fields: Any) -> Any:
    # Encoded here: the client would put a large body into a temporary file and leave that open.
    boundary, body = encode_multipart({"licence": licence(), "is_true": "y", **fields})
    return client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.fixture
def company(session: Session) -> Organization:
    organization: Organization = OrganizationFactory(unverified=True, uscc="91440300MA5XX00149")
    return organization


@pytest.fixture
def applicant(client: FlaskClient, login, company: Organization) -> FlaskClient:
    return login(client, UserFactory(organization=company, role=MemberRole.OWNER, locale="en"))


def test_a_request_waits_for_the_authority(applicant, session) -> None:
    answer = hand_in(applicant)

    assert answer.status_code == 303
    request = session.scalars(select(Verification)).one()
    assert request.state is VerificationState.SUBMITTED
    assert request.uscc_check is UsccCheck.VALID
    assert request.submitted_at == NOON


def test_the_page_then_says_until_when_the_answer_comes(applicant) -> None:
    hand_in(applicant)

    text = applicant.get(PAGE).text

    assert "Your request is waiting for a decision" in text
    assert "2026-12-02 00:00" in text


def test_a_wrong_check_character_only_warns(applicant, session, company) -> None:
    company.uscc = "91440300MA5XX0014X"
    session.commit()

    warned = applicant.get(PAGE)
    answer = hand_in(applicant)

    assert "The last character of the credit code does not fit the others" in warned.text
    assert answer.status_code == 303
    assert session.scalars(select(Verification)).one().uscc_check is UsccCheck.MISMATCH


def test_an_organisation_without_a_code_is_looked_at_by_hand(applicant, session, company) -> None:
    company.uscc, company.other_registration, company.org_type = None, "HK-1", "hk_macao"
    session.commit()

    hand_in(applicant)

    assert session.scalars(select(Verification)).one().uscc_check is UsccCheck.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "", "Choose the scan of the licence."),
        (b"", "licence.pdf", "The file is empty."),
        (EXE, "licence.pdf", "Files of this type are not accepted here."),
        (EXE, "licence.exe", "Files of this type are not accepted here."),
        (PDF, "licence.png", "The content of the file is not what its name says."),
        (b"<html><script>alert(1)</script>", "licence.pdf", "Files of this type are not accepted here."),
        (PDF + b"x" * 10 * MEBIBYTE, "licence.pdf", "The file is too large."),
    ],
)
def test_a_refused_licence_is_told_beside_the_field(applicant, session, content, name, message) -> None:
    page = hand_in(applicant, licence=licence(content, name))

    assert page.status_code == 422
    assert message in page.text
    assert session.scalar(select(func.count()).select_from(Verification)) == 0
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_refused_letter_leaves_nothing_of_the_licence_behind(applicant, session) -> None:
    page = hand_in(applicant, authorisation=licence(EXE, "letter.pdf"))

    assert page.status_code == 422
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_the_profile_must_have_been_compared(applicant) -> None:
    page = hand_in(applicant, is_true="")

    assert page.status_code == 422
    assert "Please compare the two first." in page.text


def test_far_too_much_is_refused_by_a_page(applicant) -> None:
    page = hand_in(applicant, licence=licence(PDF + b"x" * 33 * MEBIBYTE))

    assert page.status_code == 413
    assert "The upload is too large" in page.text


def test_the_same_form_sent_again_is_answered_with_a_conflict(applicant, session) -> None:
    hand_in(applicant)

    page = hand_in(applicant)

    assert page.status_code == 409
    assert session.scalar(select(func.count()).select_from(Verification)) == 1


def test_a_viewer_hands_nothing_in(client, session, login, company) -> None:
    login(client, UserFactory(organization=company, role=MemberRole.VIEWER))

    assert hand_in(client).status_code == 403


def test_a_verified_organisation_asks_no_more(client, session, login) -> None:
    login(client, UserFactory(organization=OrganizationFactory(), role=MemberRole.OWNER))

    assert hand_in(client).status_code == 409


def test_after_a_rejection_the_reason_is_shown_and_the_form_is_back(applicant, session, company) -> None:
    VerificationFactory(
        organization=company,
        state=VerificationState.REJECTED,
        decided_at=NOON,
        decided_by=officer().id,
        reason="The scan cannot be read.",
    )

    text = applicant.get(PAGE).text

    assert "The scan cannot be read." in text
    assert 'name="licence"' in text
    assert hand_in(applicant).status_code == 303


# The desk


@pytest.fixture
def request_(session: Session) -> Verification:
    verification: Verification = VerificationFactory(organization__uscc="91440300MA5XX00149")
    return verification


@pytest.fixture
def desk(client: FlaskClient, session: Session, login) -> FlaskClient:
    return login(client, officer(locale="en"))


def decide(client: FlaskClient, request_: Verification, event: str, **data: str) -> Any:
    address = f"/desk/companies/{request_.organization_id}/requests/{request_.id}/{event}"
    return client.post(address, data=data)


def test_the_authority_verifies(desk, session, request_) -> None:
    answer = decide(desk, request_, "verify")

    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Verification, request_.id).state is VerificationState.VERIFIED
    assert session.get(Organization, request_.organization_id).verified_at == NOON


def test_the_company_is_told(desk, session, request_) -> None:
    decide(desk, request_, "verify")

    assert session.scalar(select(Job.kind)) == "organization.verified"


def test_a_rejection_needs_a_reason(desk, session, request_) -> None:
    page = decide(desk, request_, "reject", reason="  ")

    assert page.status_code == 422
    assert "Say why, so that it can be corrected." in page.text
    session.expire_all()
    assert session.get(Verification, request_.id).state is VerificationState.SUBMITTED


def test_a_rejection_keeps_its_reason(desk, session, request_) -> None:
    decide(desk, request_, "reject", reason="The name differs.")

    session.expire_all()
    assert session.get(Verification, request_.id).reason == "The name differs."
    assert session.get(Organization, request_.organization_id).verified_at is None
    assert session.scalar(select(Job.kind)) == "organization.rejected"


def test_a_reason_of_a_novel_is_refused_with_the_text_still_there(desk, request_) -> None:
    page = decide(desk, request_, "reject", reason="长" * 2001)

    assert page.status_code == 422
    assert "At most 2000 characters." in page.text
    assert "长" * 2001 in page.text


def test_the_second_officer_is_told_that_somebody_was_faster(desk, session, request_) -> None:
    decide(desk, request_, "verify")

    page = decide(desk, request_, "reject", reason="The name differs.")

    assert page.status_code == 409
    assert "This has changed meanwhile" in page.text
    session.expire_all()
    assert session.get(Verification, request_.id).state is VerificationState.VERIFIED


def test_the_decision_is_on_the_audit_trail(desk, session, request_) -> None:
    decide(desk, request_, "reject", reason="The name differs.")

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "verification.reject")).one()
    assert event.details == {"before": "submitted", "after": "rejected", "reason": "The name differs."}


def test_the_operator_prepares_and_does_not_decide(client, session, login, request_) -> None:
    login(client, operator(locale="en"))

    page = client.get(f"/desk/companies/{request_.organization_id}")

    assert "Only the provincial authority decides this." in page.text
    assert decide(client, request_, "verify").status_code == 403


def test_companies_have_no_desk(client, session, login, request_) -> None:
    login(client, UserFactory(organization=request_.organization, role=MemberRole.OWNER))

    assert client.get("/desk/companies/").status_code == 404
    assert decide(client, request_, "verify").status_code == 404


def test_experts_have_no_desk(client, session, login) -> None:
    login(client, UserFactory(staff=(StaffRole.EXPERT,)))

    assert client.get("/desk/companies/").status_code == 404


def test_strangers_are_asked_to_log_in(client, session, request_) -> None:
    assert client.get("/desk/companies/").status_code == 302
    assert decide(client, request_, "verify").status_code == 302


def test_an_unknown_company_is_not_found(desk) -> None:
    assert desk.get("/desk/companies/00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_request_of_another_company_is_not_found(desk, session, request_) -> None:
    other = OrganizationFactory(unverified=True)

    answer = desk.post(f"/desk/companies/{other.id}/requests/{request_.id}/verify")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("", True),
        ("state=verified", False),
        ("state=all", True),
        ("state=nonsense", True),
        ("q=91440300MA5", True),
        ("q=91440300ma5", True),
        ("q=%25", False),
        ("city=440300", True),
        ("city=440600", False),
        ("check=valid", True),
        ("check=mismatch", False),
        ("page=99", True),
        ("page=x", True),
    ],
)
def test_the_queue_is_narrowed(desk, request_, query, is_shown) -> None:
    page = desk.get(f"/desk/companies/?{query}")

    assert page.status_code == 200
    assert (request_.organization.legal_name_zh in page.text) is is_shown


def test_what_waits_longest_comes_first(desk, session) -> None:
    late = VerificationFactory(submitted_at=NOON)
    early = VerificationFactory(submitted_at=NOON.replace(day=1))

    text = desk.get("/desk/companies/").text

    assert text.index(early.organization.legal_name_zh) < text.index(late.organization.legal_name_zh)
