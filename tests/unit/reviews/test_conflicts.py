from __future__ import annotations

import datetime as dt
import uuid

import pytest

from app.reviews.commands import Tie
from app.reviews.conflicts import Bidder, Ground, Party, Person, findings, mail_domain

TODAY = dt.date(2026, 11, 24)
FIRM_ID, BID_ID = uuid.uuid4(), uuid.uuid4()
FIRM = Party("深圳市星河微电子有限公司", "91440300MA5XX00149", FIRM_ID, frozenset({"xinghe.com"}))
BIDDER = Bidder(BID_ID, (Party("牵头单位"), FIRM), ("钱某", "孙某", "李某", "周某"))


def _grounds(person: Person) -> set[Ground]:
    return {finding.ground for finding in findings(person, [BIDDER], TODAY)}


def _tie(kind: str = "employer", name: str = FIRM.name, uscc: str = "", until: dt.date | None = None) -> Person:
    return Person("赵某", "zhao@qq.com", ties=[Tie(kind, name, uscc, until=until)])


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person("赵某", "zhao@qq.com"), set()),
        (Person("赵某", "zhao@qq.com", organization_id=FIRM_ID), {Ground.MEMBER}),
        (Person("赵某", "zhao@xinghe.com"), {Ground.MAIL_DOMAIN}),
        (Person("钱 某", "q@qq.com"), {Ground.AVOIDED}),
        (Person("周某", "z@qq.com"), set()),
        (_tie(), {Ground.EMPLOYER}),
        (_tie(name="深圳市星河微电子（有限公司）"), {Ground.EMPLOYER}),
        (_tie(name="别名", uscc="91440300ma5xx00149"), {Ground.EMPLOYER}),
        (_tie(uscc="91440400MA4XX0020W"), set()),
        (_tie(until=dt.date(2023, 11, 24)), {Ground.FORMER_EMPLOYER}),
        (_tie(until=dt.date(2023, 11, 23)), set()),
        (_tie(until=dt.date(2027, 1, 1)), {Ground.EMPLOYER}),
        (_tie(kind="shareholder"), {Ground.INTEREST}),
        (_tie(kind="relative"), {Ground.INTEREST}),
        (_tie(kind="adviser", until=dt.date(2020, 1, 1)), set()),
        (_tie(name="别的公司"), set()),
    ],
)
def test_who_must_not_judge_and_why(person: Person, expected: set[Ground]) -> None:
    assert _grounds(person) == expected


def test_three_years_from_a_leap_day_end_on_the_28th() -> None:
    person = _tie(until=dt.date(2024, 2, 29))

    assert findings(person, [BIDDER], dt.date(2027, 2, 28))
    assert not findings(person, [BIDDER], dt.date(2027, 3, 1))


@pytest.mark.parametrize(("address", "domain"), [("a@QQ.com", ""), ("a@Xinghe.com", "xinghe.com"), ("", "")])
def test_a_domain_that_everybody_may_use_says_nothing(address: str, domain: str) -> None:
    assert mail_domain(address) == domain
