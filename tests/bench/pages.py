"""Median time and number of queries of the busiest pages: ``python -m tests.bench.pages [--factor 100] [--postgres]``.

Every page is asked for through the whole application, as the person who uses it, after two requests that warm caches.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import create_app
from app.accounts.models import User
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.core import clock
from app.db import current_session, db, transaction
from app.demands.models import Need
from app.jobs.matching import recompute_all
from app.matchmaking.models import Pairing
from app.migrate import upgrade
from app.sample import loader, pairings
from app.sample.people import DEMO_PEOPLE
from app.sample.source import sample_id
from config import Settings
from tests.bench.scale import multiply
from tests.support.postgres import analyze, postgres_database
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ROUNDS = 15
MOST_QUERIES = 12
OFFICER, MAKER, FIRM = DEMO_PEOPLE[0].email, "owner@org001.example.com", "owner@org050.example.com"


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: who asked, median and slowest of the rounds in milliseconds, statements sent to the database."""

    path: str
    who: str
    median_ms: float
    slowest_ms: float
    n_queries: int


def build(url: str, root: Path) -> Flask:
    """Return a portal with the sample data, its suggestions and the decisions on some of them."""
    app = create_app(Settings.from_env({"DATABASE_URL": url, "INSTANCE_DIR": str(root), "SECRET_KEY": "bench"}))
    app.config.update(RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade(db.engine)
        loader.load(now=clock.now(), announce=lambda _: None)
        recompute_all(lambda done, total: None, trigger="sample")
        with transaction() as session:
            pairings.decide_some(session, now=clock.now())
    return app


def grow(app: Flask, factor: int) -> None:
    """Make the portal ``factor`` times as large and let the database look at its new size."""
    with app.app_context(), transaction() as session:
        multiply(session, factor)
        analyze(session)


def pages(app: Flask) -> list[tuple[str, str]]:
    """Return (path, who) of the busiest pages; who is empty for a stranger."""
    with app.app_context():
        session = current_session()
        need = session.scalar(sa.select(Need.id).where(Need.kind == "need", Need.state == "published").limit(1))
        challenge = session.scalar(sa.select(Challenge.id).where(Need.state == "published").limit(1))
        product = session.scalar(sa.select(ChipProduct.id).where(ChipProduct.state == "published").limit(1))
        pairing = session.scalar(sa.select(Pairing.id).where(Pairing.supplier_id == sample_id("ORG050")).limit(1))
    return [
        ("/", ""),
        ("/challenges/", ""),
        (f"/challenges/{challenge}", ""),
        ("/products/?q=MCU", ""),
        (f"/products/{product}", FIRM),
        ("/needs/?q=电池", ""),
        (f"/needs/{need}", FIRM),
        ("/workspace/", MAKER),
        (f"/workspace/pairings/{pairing}", FIRM),
        ("/desk/pairings/", OFFICER),
    ]


def client_of(app: Flask, email: str) -> FlaskClient:
    """Return a browser without JavaScript in which that person is logged in."""
    client = app.test_client()
    if email:
        with app.app_context():
            word = current_session().scalar(sa.select(User.fs_uniquifier).where(User.email == email))
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = word, True
    return client


def measure(app: Flask, path: str, who: str) -> Measured:
    """Ask for one page again and again."""
    client = client_of(app, who)
    for _ in range(2):
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    with count_queries() as statements:
        client.get(path)
    return Measured(path, who, statistics.median(times), max(times), len(statements))


def report(title: str, measured: list[Measured]) -> None:
    """Print the table of one size."""
    print(f"\n{title}\n{'page':58} {'as':28} {'median ms':>10} {'slowest ms':>11} {'queries':>8}")
    for row in measured:
        mark = " !" if row.n_queries > MOST_QUERIES else ""
        times = f"{row.median_ms:10.1f} {row.slowest_ms:11.1f}"
        print(f"{row.path:58} {row.who or 'stranger':28} {times} {row.n_queries:8}{mark}")


def main() -> None:
    """Measure the sample, then the sample many times over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--factor", type=int, default=100)
    parser.add_argument("--postgres", action="store_true", help="measure on PostgreSQL instead of SQLite")
    options = parser.parse_args()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chipbridge-bench-")))
        url = stack.enter_context(postgres_database()) if options.postgres else f"sqlite:///{root / 'bench.sqlite3'}"
        app = build(url, root)
        kind = "PostgreSQL" if options.postgres else "SQLite"
        busiest = pages(app)
        report(f"{kind}, sample data", [measure(app, path, who) for path, who in busiest])
        grow(app, options.factor)
        report(f"{kind}, {options.factor} × sample data", [measure(app, path, who) for path, who in busiest])
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
