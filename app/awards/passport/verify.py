#!/usr/bin/env python3
"""Check a process passport without the portal: python3 verify.py PASSPORT.zip (or beside its unpacked files).

Needs Python 3.8 or newer and nothing else. Ends with status 0 when everything agrees, with 1 when something does not.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MANIFEST = "passport.json"


def canonical(value: object) -> bytes:
    """Return JSON as bytes in the one form that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def load(path: str | Path) -> dict[str, bytes]:
    """Return the files of a passport, a ZIP or a folder, by name."""
    path = Path(path)
    if path.is_dir():
        return {str(one.relative_to(path).as_posix()): one.read_bytes() for one in path.rglob("*") if one.is_file()}
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def check_manifest(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what the list of files and the files themselves do not agree about."""
    manifest = json.loads(files[MANIFEST])
    for entry in manifest["files"]:
        content = files.get(entry["name"])
        if content is None:
            yield "missing: " + entry["name"]
        elif sha256(content) != entry["sha256"]:
            yield "changed: " + entry["name"]
    known = {entry["name"] for entry in manifest["files"]} | {MANIFEST}
    for name in sorted(files):
        if name not in known:
            yield "not listed: " + name


def check_editions(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield editions whose document does not have the published hash."""
    for edition in json.loads(files["editions.json"]):
        name = f"editions/edition-{edition['number']:02d}.json"
        if sha256(files.get(name, b"")) != edition["sha256"]:
            yield f"edition {edition['number']} is not what was published"


def check_commitments(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what list of commitments, opening record and bids do not agree about."""
    if "commitments.json" not in files:
        return
    opening = json.loads(files["opening.json"])
    if sha256(files["commitments.json"]) != opening["list_sha256"]:
        yield "the list of commitments is not the one that was published at the deadline"
    lines = json.loads(files["commitments.json"])["commitments"]
    listed = [line["commitment"] for line in lines]
    for commitment in opening["record"].get("bids", {}):
        if commitment not in listed:
            yield "opened, but never on the list: " + commitment
    for name in files:
        if name.startswith("bids/") and name.endswith("/statement.json") and sha256(files[name]) not in listed:
            yield "no commitment on the list belongs to " + name
    yield from check_prices(files, opening.get("prices", {}), lines)


def check_prices(
    files: Mapping[str, bytes], prices: Mapping[str, Iterable[str]], lines: Iterable[Mapping[str, str]]
) -> Iterator[str]:
    """Yield what the list, the record of the second opening and the price statements do not agree about."""
    listed = [line["price_commitment"] for line in lines if "price_commitment" in line]
    for commitment in [*prices.get("bids", {}), *prices.get("kept", [])]:
        if commitment not in listed:
            yield "a price opened or kept, but never on the list: " + commitment
    for name in files:
        if name.startswith("bids/") and name.endswith("/price-statement.json"):
            beside = json.loads(files[name.replace("/price-statement.json", "/statement.json")])
            if sha256(files[name]) not in listed or beside.get("price_commitment") != sha256(files[name]):
                yield "no commitment on the list belongs to " + name


def check_trail(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield events whose hash does not follow from what they say and from the hash before."""
    if "audit.json" not in files:
        return
    for event in json.loads(files["audit.json"]):
        if "columns" not in event:
            continue
        told = [event["previous"], event["number"], *event["columns"]]
        if sha256(canonical(told)) != event["hash"]:
            yield f"event {event['number']} of the trail has been changed"


CHECKS = (
    ("files", check_manifest),
    ("editions", check_editions),
    ("commitments and opening", check_commitments),
    ("audit trail", check_trail),
)


def verify(path: str | Path, out: Callable[[str], object] = print) -> bool:
    """Print what was checked and return whether everything agrees."""
    files = load(path)
    if MANIFEST not in files:
        out(f"FAILED  this is no passport: {MANIFEST} is missing")
        return False
    is_sound = True
    for name, check in CHECKS:
        try:
            faults = list(check(files))
        except (KeyError, TypeError, ValueError) as error:
            faults = [f"cannot be read: {error!r}"]
        for fault in faults:
            out(f"FAILED  {name}: {fault}")
        if not faults:
            out(f"ok      {name}")
        is_sound = is_sound and not faults
    return is_sound


if __name__ == "__main__":
    sys.exit(0 if verify(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent) else 1)
