"""Measure the real matcher on a large made-up catalogue, whole: text, categories, compliance, explanations."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from joblib import parallel_config
from joblib.externals.loky import get_reusable_executor

from matching.engine import Matcher
from tests.bench.serving import resident
from tests.bench.sheets import Drawer, Writer

WARM, ASKED = 30, 100
WRITERS: dict[bool, type[Writer]] = {False: Writer, True: Drawer}


def measure_engine(n_sheets: int, *, drawn: bool = False) -> None:
    """Print what fitting, storing, starting, answering and updating cost, with the trade's words or drawn ones."""
    print(f"\nthe matcher with {n_sheets} sheets{' of drawn words' if drawn else ''}")
    writer = WRITERS[drawn](1)
    sheets = list(writer.sheets(n_sheets))
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        started, before = time.perf_counter(), sum(os.times()[:4])
        with parallel_config("loky", n_jobs=2):
            matcher = Matcher().fit(sheets)
        get_reusable_executor().shutdown(wait=True)  # so that the processor time of the workers is known
        spent = sum(os.times()[:4]) - before
        print(f"fitted in {time.perf_counter() - started:.0f} s by two processes, of CPU {spent:.0f} s in all")
        started = time.perf_counter()
        matcher.save(model)
        print(f"saved in {time.perf_counter() - started:.1f} s")
        del matcher, sheets
        sys.stdout.flush()
        words = ["drawn"] if drawn else []
        subprocess.run([sys.executable, "-m", "tests.bench.engine", str(model), str(n_sheets), *words], check=True)


def _serve(model: Path, n_sheets: int, writer: Writer) -> None:
    """Start from the stored matcher in this process, answer, update, store the change."""
    needs = writer.needs(WARM + ASKED)
    Matcher().fit(list(writer.sheets(20))).recommend(needs[0])  # dictionaries are read before anything is measured
    before = resident()
    started = time.perf_counter()
    matcher = Matcher.load(model)
    print(f"start-up from disk: {time.perf_counter() - started:.2f} s (goal 1)")
    for need in needs[:WARM]:
        matcher.recommend(need)
    spent, processor = [], []
    for need in needs[WARM:]:
        wall, own = time.perf_counter(), time.process_time()
        matcher.recommend(need)
        spent.append((time.perf_counter() - wall) * 1000)
        processor.append((time.process_time() - own) * 1000)
    print(f"one need with ten explained: median {median(spent):.1f} ms, of CPU {median(processor):.1f} ms (goal 25)")
    print(f"nine of ten needs within {quantiles(spent, n=10)[-1]:.1f} ms")
    grown, stored = resident() - before, sum(path.stat().st_size for path in model.iterdir())
    print(f"resident after {WARM + ASKED} needs: {grown / 2**20:.0f} MiB; stored: {stored / 2**20:.0f} MiB")
    fresh = list(writer.sheets(1000, n_sheets))
    wall, own = time.perf_counter(), time.process_time()
    matcher.update(fresh)
    print(f"1,000 new sheets: {time.perf_counter() - wall:.2f} s, of CPU {time.process_time() - own:.2f} s (goal 2)")
    wall, own = time.perf_counter(), time.process_time()
    matcher.save(model.with_name("next"))
    print(f"stored again: {time.perf_counter() - wall:.2f} s, of CPU {time.process_time() - own:.2f} s")


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), WRITERS["drawn" in sys.argv[3:]](2))
