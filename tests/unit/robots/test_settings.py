"""What the environment says about group robots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTION = {
    "CHIPBRIDGE_ENV": "production",
    "SECRET_KEY": "guards-nothing",
    "DATABASE_URL": "sqlite://",
    "PUBLIC_URL": "https://portal.example.com",
    "MAIL_URL": "smtp://mail.example.com",
}


@pytest.mark.parametrize(
    ("told", "hosts"),
    [
        ({}, ("qyapi.weixin.qq.com",)),
        ({"ROBOT_HOSTS": ""}, ()),
        ({"ROBOT_HOSTS": "qyapi.weixin.qq.com, Gate.example.com"}, ("qyapi.weixin.qq.com", "gate.example.com")),
    ],
)
def test_the_hosts_of_robots_come_from_the_environment(told: dict[str, str], hosts: tuple[str, ...]) -> None:
    assert Settings.from_env({**PRODUCTION, **told}).robot_hosts == hosts


def test_in_production_no_robot_lives_on_this_machine() -> None:
    with pytest.raises(SettingsError):
        Settings.from_env({**PRODUCTION, "ROBOT_LOOPBACK": "1"})


def test_elsewhere_one_may(tmp_path: Path) -> None:
    assert Settings.from_env({"ROBOT_LOOPBACK": "1", "INSTANCE_DIR": str(tmp_path)}).has_loopback_robots
