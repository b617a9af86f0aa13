"""What becomes of each row of a file: new, changed, the same, or not taken over, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.catalog import rules
from app.catalog.commands import GROUPS, SCALARS, ProductInput
from app.catalog.importing import layout
from app.catalog.importing.reader import in_order
from app.catalog.workflow import ProductState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.catalog.importing.findings import Finding
    from app.catalog.importing.reader import Reading, SheetRow
    from app.catalog.rules import Problem

FIELDS = (*SCALARS, "interfaces", *GROUPS, "params")
ADVICE = frozenset({"too_few_parameters"})
"""Rules that a draft may break."""


class Action(StrEnum):
    """What taking a row over does."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    """The catalogue says the same already."""


class Verdict(StrEnum):
    """Whether a row can be taken over."""

    RIGHT = "right"
    REPAIRABLE = "repairable"
    """Everything that is wrong with it has a correction on offer."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue holds under a part number."""

    state: ProductState
    sheet: ProductInput


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row with its verdict; ``sheet`` is the whole product as it will be stored."""

    row: int
    sheet: ProductInput
    action: Action
    verdict: Verdict
    findings: tuple[Finding, ...]
    changed: tuple[str, ...]
    """Fields that an update changes."""
    lines: tuple[int, ...] = ()
    """Rows of its parameters."""

    @property
    def is_complete(self) -> bool:
        """Whether the product may be published as it stands."""
        return not any(finding.kind in ADVICE for finding in self.findings)


@dataclass(frozen=True, slots=True)
class TakeOver:
    """How to take a file over."""

    is_repaired: bool = False
    """Also rows whose corrections are all on offer, with those corrections."""
    is_published: bool = False
    """Show what is complete in the catalogue at once."""

    def to_json(self) -> dict[str, Any]:
        """Return it for a job."""
        return asdict(self)

    def takes(self, one: Judgement) -> bool:
        """Return whether a row is taken over."""
        return one.verdict is Verdict.RIGHT or (self.is_repaired and one.verdict is Verdict.REPAIRABLE)


def judge(reading: Reading, row: SheetRow, known: Known | None) -> Judgement:
    """Judge a row against the rules and against what the catalogue holds under its part number."""
    sheet = merged(row, known.sheet) if known else row.sheet
    broken = _broken_rules(reading, row, sheet, known)
    findings = tuple(in_order([*row.findings, *broken, *_archived(reading, row, known)]))
    changed = tuple(name for name in FIELDS if getattr(known.sheet, name) != getattr(sheet, name)) if known else ()
    return Judgement(
        row=row.number,
        sheet=sheet,
        action=_action(known, changed),
        verdict=_verdict(findings),
        findings=findings,
        changed=changed,
        lines=tuple(line.row for line in row.lines),
    )


def merged(row: SheetRow, stored: ProductInput) -> ProductInput:
    """Return a stored sheet with what the file states; columns that the file lacks stay as they are."""
    stated: dict[str, Any] = {name: getattr(row.sheet, name) for name in row.stated}
    if "reference_customers" in stated:
        consents = {(entry.segment, entry.stage): entry for entry in stored.reference_customers}
        stated["reference_customers"] = tuple(
            consents.get((entry.segment, entry.stage), entry) for entry in stated["reference_customers"]
        )
    return replace(stored, **stated)


def _broken_rules(reading: Reading, row: SheetRow, sheet: ProductInput, known: Known | None) -> Iterator[Finding]:
    is_published = known is not None and known.state is ProductState.PUBLISHED
    for problem in rules.problems(sheet, is_complete=True):
        if problem.field == "params" and problem.row is not None:
            yield from _param_problem(reading, row, problem)
        elif problem.field not in row.flawed:
            is_blocking = is_published or problem.kind not in ADVICE
            yield _product_problem(reading, row, problem, is_blocking=is_blocking)


def _product_problem(reading: Reading, row: SheetRow, problem: Problem, *, is_blocking: bool) -> Finding:
    value = getattr(row.sheet, problem.field) if problem.field in row.stated else ""
    return reading.products.finding(
        problem.kind, row.number, problem.field, problem.message, brief(value), is_blocking=is_blocking
    )


def _param_problem(reading: Reading, row: SheetRow, problem: Problem) -> Iterator[Finding]:
    """Yield the finding beside the cell of a parameter; one that is in the catalogue already is not the file's."""
    if problem.row is None or problem.row >= len(row.lines):
        return
    line = row.lines[problem.row]
    part = problem.part
    if part in line.flawed:
        return
    if part == "key" and "key" not in reading.params.places:
        part = "param_name"
    value = brief(getattr(line.param, problem.part))
    yield reading.params.finding(problem.kind, line.row, part, problem.message, value)


def _archived(reading: Reading, row: SheetRow, known: Known | None) -> Iterator[Finding]:
    if known is not None and known.state is ProductState.ARCHIVED:
        message = "An archived product of yours has this part number. Restore it first."
        yield reading.products.finding("archived", row.number, "part_number", message, row.sheet.part_number)


def _action(known: Known | None, changed: tuple[str, ...]) -> Action:
    if known is None:
        return Action.CREATE
    return Action.UPDATE if changed else Action.KEEP


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    blocking = [finding for finding in findings if finding.is_blocking]
    if not blocking:
        return Verdict.RIGHT
    return Verdict.WRONG if any(finding.fix is None for finding in blocking) else Verdict.REPAIRABLE


def brief(value: object) -> str:
    """Return a value in short, for people: a number without trailing zeros, a list by its length."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "可" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value) if all(isinstance(entry, str) for entry in value) else f"[{len(value)}]"
    if isinstance(value, str):
        return value
    return f"{float(value):.12g}"  # type: ignore[arg-type]  # what is left are numbers


def missing_columns(reading: Reading) -> list[str]:
    """Return the fields that the rules ask for and the file has no column for."""
    return [name for name in rules.COMPLETE if name not in reading.products.places and name in layout.PRODUCT_KEYS]
