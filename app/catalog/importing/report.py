"""The result of a dry run, as it is stored and shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from app.catalog.importing.findings import Finding
from app.catalog.importing.judge import Action, Verdict, brief, missing_columns

if TYPE_CHECKING:
    from app.catalog.commands import ProductInput
    from app.catalog.importing.judge import Judgement
    from app.catalog.importing.reader import Reading

MAX_FINDINGS = 100_000
MAX_CHANGES = 20_000
SHORT = 60


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does to one product: ``(field, before, after)`` each, in short."""

    row: int
    part_number: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Report:
    """What is right and wrong with a file, and what taking it over does."""

    n_rows: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    """Of the rows that are taken over."""
    n_incomplete: int = 0
    """Of the same rows those that can only become drafts."""
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left_rows: list[int] = field(default_factory=list)
    """Rows of the table of products that are not taken over, or were not."""
    left_lines: list[int] = field(default_factory=list)
    """Rows that hold the parameters of those."""
    n_other_company: int = 0
    missing_columns: list[str] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)
    result: dict[str, int] = field(default_factory=dict)
    """After the commit: how many products were created, updated, kept and published."""

    @property
    def n_findings(self) -> int:
        """How many findings there are, listed or not."""
        return sum(self.kinds.values())

    def finish(self, result: dict[str, int]) -> None:
        """Close the report of a commit: only what was written remains listed as changed."""
        left = set(self.left_rows)
        self.changes = [one for one in self.changes if one.row not in left]
        self.result = result

    @property
    def n_taken(self) -> int:
        """How many rows the catalogue now agrees with."""
        return self.n_written + self.result.get("kept", 0)

    @property
    def n_written(self) -> int:
        """How many products were created or changed."""
        return self.result.get("created", 0) + self.result.get("updated", 0)

    def add(self, one: Judgement, stored: ProductInput | None, *, is_taken: bool) -> None:
        """Count a row, and list what keeps it from being taken over, or what it changes."""
        self.n_rows += 1
        self.verdicts[one.verdict] += 1
        self.note([finding for finding in one.findings if not (is_taken and finding.is_blocking)])
        if is_taken:
            self.actions[one.action] += 1
            self.n_incomplete += not one.is_complete
        else:
            self.left_rows.append(one.row)
            self.left_lines += one.lines
        if one.verdict is not Verdict.WRONG and one.action is Action.UPDATE and stored is not None:
            self._list(_change(one, stored))

    def _list(self, change: Change) -> None:
        if len(self.changes) < MAX_CHANGES:
            self.changes.append(change)

    def note(self, findings: list[Finding]) -> None:
        """List findings, as many as there is room for, and count them all."""
        for finding in findings:
            self.kinds[finding.kind] += 1
            if len(self.findings) < MAX_FINDINGS:
                self.findings.append(finding)

    def about(self, reading: Reading) -> None:
        """Add what concerns the file as a whole."""
        self.note(reading.orphans)
        self.n_other_company = reading.n_other_company
        self.missing_columns = missing_columns(reading)
        used = set(reading.products.places.values())
        titles = reading.products.table.titles
        self.unused_columns = [title for place, title in enumerate(titles) if title and place not in used]

    def to_json(self) -> dict[str, Any]:
        """Return it for storage."""
        plain = (item.name for item in fields(self) if item.name not in ("findings", "changes"))
        return {
            **{name: getattr(self, name) for name in plain},
            "findings": [_packed(finding) for finding in self.findings],
            "changes": [[one.row, one.part_number, list(map(list, one.fields))] for one in self.changes],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Report:
        """Return what was stored; an empty report for nothing."""
        if not stored:
            return cls()
        return cls(
            **{
                **stored,
                **{name: Counter(stored[name]) for name in ("verdicts", "actions", "kinds")},
                "findings": [Finding(*packed) for packed in stored["findings"]],
                "changes": [
                    Change(row, part_number, tuple((name, before, after) for name, before, after in fields))
                    for row, part_number, fields in stored["changes"]
                ],
            }
        )


def _packed(finding: Finding) -> list[Any]:
    return [getattr(finding, name) for name in Finding.__dataclass_fields__]


def _change(one: Judgement, stored: ProductInput) -> Change:
    fields = tuple((name, _short(getattr(stored, name)), _short(getattr(one.sheet, name))) for name in one.changed)
    return Change(one.row, one.sheet.part_number, fields)


def _short(value: object) -> str:
    text = brief(value)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
