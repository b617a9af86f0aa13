"""Calling a robot, against a real server on loopback that behaves and misbehaves."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from app.robots.guard import Rules, Target
from app.robots.outcome import Fate, Outcome, Reason
from app.robots.post import post
from tests.support.robots import LARGE, robot_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.robots import RobotServer

pytestmark = pytest.mark.real_clock

HOST = "qyapi.weixin.qq.com"
RULES = Rules((HOST,), has_loopback=True)
SOON = 0.4


@pytest.fixture
def there() -> Iterator[RobotServer]:
    with robot_server() as server:
        yield server


def test_a_text_arrives_as_markdown(there: RobotServer) -> None:
    assert post(there.url, "**你好**", RULES) == Outcome(Fate.SENT)
    assert there.posts == [{"msgtype": "markdown", "markdown": {"content": "**你好**"}}]


def test_an_invalid_key_is_told_apart(there: RobotServer) -> None:
    there.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}

    assert post(there.url, "x", RULES) == Outcome(Fate.NEVER, Reason.INVALID_KEY, 93000)


def test_a_redirect_is_not_followed(there: RobotServer) -> None:
    with robot_server() as elsewhere:
        there.status, there.headers = 307, {"Location": elsewhere.url}

        outcome = post(there.url, "x", RULES)

    assert (outcome, elsewhere.posts) == (Outcome(Fate.NEVER, Reason.REDIRECT, 307), [])


def test_nobody_listens(there: RobotServer) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/send?key=abc"

        assert post(url, "x", RULES) == Outcome(Fate.LATER, Reason.UNREACHABLE)


@pytest.mark.parametrize("misbehaviour", ["hangs", "drips"])
def test_a_server_that_never_ends_is_cut_off_in_time(there: RobotServer, misbehaviour: str) -> None:
    setattr(there, misbehaviour, True)
    began = time.monotonic()

    outcome = post(there.url, "x", RULES, seconds=SOON)

    assert outcome == Outcome(Fate.UNKNOWN, Reason.NO_ANSWER)
    assert time.monotonic() - began < 8  # on a busy machine, too; the server would go on for ten


def test_who_hangs_up_may_have_taken_the_message(there: RobotServer) -> None:
    there.drops = True

    assert post(there.url, "x", RULES) == Outcome(Fate.UNKNOWN, Reason.NO_ANSWER)


@pytest.mark.parametrize("answer", [b"<html>log in</html>", b'{"errcode": 0}' + b" " * LARGE])
def test_an_answer_that_is_none_of_a_robot_is_no_success(there: RobotServer, answer: bytes) -> None:
    there.answer = answer

    assert post(there.url, "x", RULES) == Outcome(Fate.NEVER, Reason.UNREADABLE)


def test_another_host_is_never_called(there: RobotServer) -> None:
    url = there.url.replace("127.0.0.1", "localhost")

    assert post(url, "x", RULES) == Outcome(Fate.NEVER, Reason.HOST)
    assert there.posts == []


def test_a_name_bound_to_this_machine_is_never_called(there: RobotServer) -> None:
    outcome = post(f"https://{HOST}/send?key=abc", "x", RULES, resolve=lambda *_: ["127.0.0.1"])

    assert (outcome, there.posts) == (Outcome(Fate.NEVER, Reason.INWARD), [])


def test_a_name_is_asked_for_once_and_its_address_called(there: RobotServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is bound anew between check and call leads nowhere else: nobody asks for it a second time."""
    asked: list[str] = []
    called: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", _refuse)
    monkeypatch.setattr(socket, "create_connection", lambda where, _timeout: called.append(where) or _raise())

    outcome = post(
        f"https://{HOST}/send?key=abc", "x", RULES, resolve=lambda host, _: asked.append(host) or ["101.226.129.166"]
    )

    assert (asked, called) == ([HOST], [("101.226.129.166", 443)])
    assert outcome == Outcome(Fate.LATER, Reason.UNREACHABLE)


def _refuse(*_args: Any, **_kwargs: Any) -> Any:
    raise AssertionError("the name was asked for again")


def _raise() -> Any:
    raise ConnectionRefusedError


def test_a_server_without_tls_is_not_believed(there: RobotServer, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(HOST, "127.0.0.1", there.port, "/send?key=abc", is_tls=True)
    monkeypatch.setattr(Rules, "aim", lambda *_: target)

    assert post("https://any", "x", RULES, seconds=SOON) == Outcome(Fate.LATER, Reason.UNREACHABLE)
    assert there.posts == []


def test_the_host_is_named_as_its_certificate_names_it(there: RobotServer, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(HOST, "127.0.0.1", there.port, "/send?key=abc", is_tls=False)
    monkeypatch.setattr(Rules, "aim", lambda *_: target)

    post("https://any", "x", RULES)

    assert there.hosts == [HOST]
