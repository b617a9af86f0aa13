"""Where the portal may post to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.core.errors import RuleViolation
from app.robots.guard import Refused, Rules, is_public, masked, resolve
from app.robots.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "qyapi.weixin.qq.com"
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
URL = f"https://{HOST}/cgi-bin/webhook/send?key={KEY}"
RULES = Rules((HOST,))
PUBLIC = "101.226.129.166"


def found(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("url", [URL, URL.replace(HOST, f"{HOST}:443"), URL.replace(HOST, HOST.upper())])
def test_the_address_of_a_group_robot_may_be_stored(url: str) -> None:
    assert RULES.check(url).hostname == HOST


@pytest.mark.parametrize(
    "url",
    [
        "",
        URL.replace("https", "http"),
        URL.replace("https", "ftp"),
        URL.replace(HOST, f"user:word@{HOST}"),
        URL.replace(HOST, f"{HOST}:8443"),
        URL.replace(HOST, f"{HOST}:x"),
        URL.replace(HOST, f"{HOST}."),
        URL.replace(HOST, f"{HOST}@evil.example.com"),
        URL.replace(HOST, f"evil.example.com#{HOST}"),
        URL.replace(HOST, f"{HOST}.evil.example.com"),
        URL.replace(HOST, "evil.example.com"),
        URL.replace(HOST, "127.0.0.1"),
        URL.replace(HOST, "[::1]"),
        URL.replace(HOST, "[::1"),
        URL.replace(HOST, "169.254.169.254"),
        URL.replace(HOST, "qyapi。weixin。qq。com"),
        URL.replace(KEY, ""),
        URL + "#part",
        URL + " ",
        URL.replace("send", "send\r\nX-Evil: 1"),
        URL + "a" * 400,
        "http://127.0.0.1:9000/send?key=abc",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(RuleViolation):
        RULES.check(url)


def test_loopback_counts_only_where_the_installation_allows_it() -> None:
    url = "http://127.0.0.1:9000/send?key=abc"

    assert Rules((HOST,), has_loopback=True).aim(url, found("127.0.0.1")).address == "127.0.0.1"


@pytest.mark.parametrize("url", ["http://127.0.0.2:9000/send?key=abc", "http://localhost:9000/send?key=abc"])
def test_what_leads_to_loopback_under_another_name_is_refused_even_there(url: str) -> None:
    with pytest.raises(RuleViolation):
        Rules((HOST,), has_loopback=True).check(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.5", "172.16.9.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:101.226.129.166",
        "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "no address",
    ],
)  # fmt: skip
def test_no_address_that_is_not_the_internets_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2402:4e00:1::1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    target = RULES.aim(URL, lambda _host, _port: next(answers))

    assert (target.host, target.address, target.is_tls) == (HOST, PUBLIC, True)


@pytest.mark.parametrize("addresses", [("10.0.0.5",), (PUBLIC, "10.0.0.5"), ("10.0.0.5", PUBLIC)])
def test_a_name_that_leads_inward_is_refused_whatever_else_it_leads_to(addresses: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refusal:
        RULES.aim(URL, found(*addresses))

    assert refusal.value.reason is Reason.INWARD


def test_a_name_that_leads_nowhere_may_be_asked_again() -> None:
    with pytest.raises(Refused) as refusal:
        RULES.aim(URL, found())

    assert refusal.value.reason is Reason.UNRESOLVED


def test_a_host_that_is_no_longer_allowed_is_not_called() -> None:
    with pytest.raises(Refused) as refusal:
        Rules(("gate.example.com",)).aim(URL, found(PUBLIC))

    assert refusal.value.reason is Reason.HOST


def test_a_machine_finds_its_own_address() -> None:
    assert resolve("127.0.0.1", 443) == ["127.0.0.1"]


def test_a_name_that_is_none_has_no_address() -> None:
    assert resolve("a" * 64 + ".invalid", 443) == []


def test_of_a_key_only_its_end_is_shown() -> None:
    assert masked(RULES.check(URL)) == f"{HOST}/…5aaa"


def test_of_a_short_key_nothing_is_shown() -> None:
    assert masked(RULES.check(URL.replace(KEY, "shortkey"))) == f"{HOST}/…"
