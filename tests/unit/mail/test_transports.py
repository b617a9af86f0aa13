from __future__ import annotations

from pathlib import Path

import pytest

from app.mail.transports import Folder, Smtp, Unreachable, transport_for


def test_a_folder_is_named_by_its_path() -> None:
    assert transport_for("folder:/var/mail") == Folder(Path("/var/mail"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", Smtp("mail.example", 25)),
        ("smtps://mail.example", Smtp("mail.example", 465, is_tls=True)),
        ("smtp://me%40x:p%2Fw@mail.example:587?starttls=1", Smtp("mail.example", 587, "me@x", "p/w", starts_tls=True)),
    ],
)
def test_a_server_is_named_by_its_url(url: str, expected: Smtp) -> None:
    assert transport_for(url) == expected


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "", "mail.example"])
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL must be"):
        transport_for(url)


def test_a_message_in_a_folder_is_a_file_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    with Folder(tmp_path / "box").connect() as connection:
        connection.send(sender="a@example.com", recipient="b@example.com", raw=b"x", name="1")

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "box").iterdir()] == [("1.eml", b"x")]


def test_the_same_message_again_replaces_its_file(tmp_path: Path) -> None:
    with Folder(tmp_path).connect() as connection:
        connection.send(sender="a@example.com", recipient="b@example.com", raw=b"first", name="1")
        connection.send(sender="a@example.com", recipient="b@example.com", raw=b"again", name="1")

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"again"]


def test_a_folder_that_cannot_be_made_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unreachable), Folder(tmp_path / "file" / "box").connect():
        pass


def test_a_folder_that_cannot_be_written_is_unreachable(tmp_path: Path) -> None:
    with Folder(tmp_path / "box").connect() as connection:
        (tmp_path / "box").rmdir()

        with pytest.raises(Unreachable):
            connection.send(sender="a@example.com", recipient="b@example.com", raw=b"x", name="1")
