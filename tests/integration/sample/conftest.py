"""The sample, loaded once for each kind of database and copied for every test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from app.sample import loader
from tests.support.clock import NOON, stopped_at_noon
from tests.support.databases import database_beside
from tests.support.portal import portal_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.sample.people import Account
    from config import Settings


@dataclass(frozen=True)
class Sample:
    """The database with the sample, to which nobody is connected, and what belongs to it."""

    url: str
    files_url: str
    accounts: Sequence[Account]
    """The log-ins that were told when it was loaded."""


@pytest.fixture(scope="session")
def sample(settings: Settings, migrated_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """All of the sample."""
    folder = tmp_path_factory.mktemp("sample")
    files_url = (folder / "files").as_uri()
    accounts: list[Account] = []
    with database_beside(settings.database_url, folder / "sample.sqlite3", migrated_url) as url:
        loading = replace(settings, database_url=url, files_url=files_url)
        with stopped_at_noon(), portal_on(loading) as app, app.app_context():
            loader.load(now=NOON, announce=accounts.extend)
        yield Sample(url, files_url, tuple(accounts))


@pytest.fixture
def own_template(sample: Sample) -> str:
    """Let the database of every test begin with the sample."""
    return sample.url


@pytest.fixture
def own_settings(own_settings: Settings, sample: Sample) -> Settings:
    """Let every test read the files of the sample."""
    return replace(own_settings, files_url=sample.files_url)


@pytest.fixture
def told(sample: Sample) -> Sequence[Account]:
    """The log-ins that were told."""
    return sample.accounts
