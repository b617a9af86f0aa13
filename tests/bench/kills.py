"""Ten times: kill a worker within a run of 1,000 digests, start another, and count: ``python -m tests.bench.kills``.

A point of the run is drawn at random: while digests are made (so many of them), or while they are handed over (so many
have arrived). Ends with an error unless every reader has got exactly one message, by Message-ID, and unless no more
than one message came over the wire twice at each kill: the one that the server had taken when its sender died.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.core import clock
from app.db import current_session, db, transaction
from app.migrate import upgrade
from app.notifications.models import Digest
from app.outbox.service import enqueue
from config import Settings
from tests.support.crowd import gather
from tests.support.killing import kill_when, message_ids, outcome, start_worker
from tests.support.sink import Sink, sink


def main() -> None:
    """Print one line of a Markdown table for each kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    print(f"seed {seed}\n\n| Killed | Digests made | Arrived before | Messages | Readers | Twice on the wire | |")
    print("|---|--:|--:|--:|--:|--:|---|")
    rounds = [_round(options.readers, chance) for _ in range(options.kills)]
    sys.exit(0 if all(rounds) else 1)


def _round(n_readers: int, chance: random.Random) -> bool:
    with tempfile.TemporaryDirectory(prefix="chipbridge-kills-") as folder, sink(Path(folder) / "sink") as server:
        root = Path(folder)
        told = {"DATABASE_URL": f"sqlite:///{root / 'kills.sqlite3'}", "INSTANCE_DIR": folder, "SECRET_KEY": "kills"}
        settings = Settings.from_env(told)
        app = create_app(settings)
        with app.app_context():
            _prepare(n_readers)
            is_good = _kill_and_count(settings, server, n_readers, chance)
            db.engine.dispose()
        return is_good


def _prepare(n_readers: int) -> None:
    upgrade(db.engine)
    with transaction() as session:
        gather(session, n_readers, n_pairings=3, now=clock.now())
        enqueue(session, "digests.run", now=clock.now(), payload={"frequency": "weekly"})


def _kill_and_count(settings: Settings, server: Sink, n_readers: int, chance: random.Random) -> bool:
    point, is_making = chance.randrange(n_readers), chance.random() < 0.4
    worker = start_worker(settings, server.url)
    kill_when(worker, lambda: (_n_digests() if is_making else len(server.arrived())) > point)
    n_made, before = _n_digests(), outcome(server)
    start_worker(settings, server.url).wait()
    after = outcome(server)
    arrived = {name for name, _ in server.arrived()}
    is_good = after.n_messages == after.n_recipients == n_readers and after.n_twice <= 1 and arrived == message_ids()
    where = f"{'making' if is_making else 'sending'}, after {point}"
    print(
        f"| {where} | {n_made} | {before.n_messages} | {after.n_messages} | {after.n_recipients} "
        f"| {after.n_twice} | {'' if is_good else '**wrong**'} |",
        flush=True,
    )
    return is_good


def _n_digests() -> int:
    session = current_session()
    number = session.scalar(sa.select(sa.func.count()).select_from(Digest)) or 0
    session.rollback()
    return number


if __name__ == "__main__":
    main()
