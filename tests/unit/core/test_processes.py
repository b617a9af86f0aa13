from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.core.processes import is_dead, worker_name


def name_with(*, machine: str = "", number: str = "") -> str:
    own_machine, own_number, word = worker_name().split(":")
    return f"{machine or own_machine}:{number or own_number}:{word}"


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_no_two_workers_of_a_process_share_a_name() -> None:
    assert worker_name() != worker_name()


def test_who_runs_is_not_dead() -> None:
    assert not is_dead(worker_name())


def test_a_process_that_has_ended_is_dead() -> None:
    assert is_dead(name_with(number=str(ended_process())))


def test_of_another_machine_nothing_is_known() -> None:
    assert not is_dead(name_with(machine="elsewhere/1", number=str(ended_process())))


@pytest.mark.parametrize("name", ["", "test", "a:b:c", worker_name().rpartition(":")[0].rpartition(":")[0]])
def test_of_a_name_that_tells_no_process_nothing_is_known(name: str) -> None:
    assert not is_dead(name)


def test_somebody_elses_process_is_not_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int, signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)

    assert not is_dead(name_with(number="1"))
