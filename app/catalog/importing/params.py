"""The lines of data sheets in a file, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.catalog import codes, reading
from app.catalog.commands import ParamInput
from app.catalog.importing import composites, layout
from app.catalog.importing.source import MAX_PARAM_ROWS, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.catalog.importing.findings import Finding
    from app.catalog.importing.source import Row
    from app.catalog.importing.table import TableReader


@dataclass(frozen=True, slots=True)
class ParamLine:
    """One line; ``flawed`` are the parts of it whose cell could not be read as it stands."""

    row: int
    param: ParamInput
    findings: tuple[Finding, ...] = ()
    flawed: frozenset[str] = frozenset()


class ParamReader:
    """Reads the parameter columns of a row."""

    def __init__(self, table: TableReader) -> None:
        self._table = table
        self._keys = [key for key in layout.PARAM_KEYS if key in table.places]
        self._parts = [key for key in self._keys if key not in ("key", "param_name")]
        self.has_columns = bool({"key", "param_name"} & set(self._keys)) and bool(self._parts)

    def is_filled(self, row: Row) -> bool:
        """Return whether a row says anything about a parameter."""
        return any(self._table.text(row, key) for key in self._keys)

    def line(self, row: Row) -> ParamLine:
        """Return the line of a row."""
        values, findings, flawed = self._table.read(row, self._parts)
        key = self._key(row)
        kind = codes.parameter_kind(key)
        numbers = [values.get(name) for name in ("min", "typ", "max")]
        if kind and not values.get("unit") and kind.units[:1] == ("1",) and numbers != [None, None, None]:
            values["unit"] = "1"
        if kind and kind.kind == "set" and values.get("value_text"):
            values["value_text"] = composites.read_set(values["value_text"])
        return ParamLine(row.number, ParamInput(key=key, **values), tuple(findings), frozenset(flawed))

    def _key(self, row: Row) -> str:
        """Return the dictionary's key of the code, else of the name, else the code or name as it is."""
        code = reading.parameter_key(self._table.text(row, "key"))
        if code and codes.parameter_kind(code):
            return code
        name = reading.parameter_key(self._table.text(row, "param_name"))
        return name if not code or codes.parameter_kind(name) else code


class ParamSheet:
    """All lines of a sheet by part number.

    Where a part number stands in several rows of the table of products, a line that says the same parameter
    under the same condition again begins the lines of the next of them.
    """

    def __init__(self, table: TableReader) -> None:
        self.table = table
        self._groups: dict[str, list[list[ParamLine]]] = {}
        self._n_claimed: dict[str, int] = {}
        self._seen: dict[str, set[tuple[str, str]]] = {}

    def read_all(self, step: Callable[[], None]) -> None:
        """Read the sheet, calling ``step`` at every row. Raises UnreadableFile when it is too long."""
        reader = ParamReader(self.table)
        for n_read, row in enumerate(self.table.rows()):
            step()
            if n_read >= MAX_PARAM_ROWS:
                raise UnreadableFile("The file lists more than 300,000 parameters. Split it.", code="too_many_rows")
            if reader.is_filled(row):
                self._add(reading.fold(self.table.text(row, "part_number")), reader.line(row))

    def claim(self, part_number: str) -> list[ParamLine]:
        """Return the lines of the next row with this part number."""
        place = self._n_claimed.get(part_number, 0)
        self._n_claimed[part_number] = place + 1
        groups = self._groups.get(part_number, [])
        return groups[place] if place < len(groups) else []

    def left_over(self) -> Iterator[tuple[str, list[ParamLine]]]:
        """Yield the lines of listed parts that no row has claimed: parameters that are stated twice."""
        for part_number, n_claimed in self._n_claimed.items():
            for group in self._groups.get(part_number, [])[n_claimed:]:
                yield part_number, group

    def orphans(self) -> list[Finding]:
        """Return a finding for every line whose part the table of products does not list."""
        message = "The table of products has no row with this part number."
        return [
            self.table.finding("unknown_part_number", line.row, "part_number", message, part_number)
            for part_number, groups in self._groups.items()
            if part_number not in self._n_claimed
            for group in groups
            for line in group
        ]

    def with_repeats(self, line: ParamLine, seen: set[tuple[str, str]]) -> tuple[Finding, ...]:
        """Return a line's findings, and one more when its parameter is among ``seen`` already."""
        place = (line.param.key, line.param.condition)
        if place not in seen or not line.param.key:
            seen.add(place)
            return line.findings
        key = "key" if "key" in self.table.places else "param_name"
        message = "The same parameter is stated twice under the same condition."
        return (*line.findings, self.table.finding("duplicate_parameter", line.row, key, message, line.param.key))

    def _add(self, part_number: str, line: ParamLine) -> None:
        groups = self._groups.setdefault(part_number, [[]])
        seen = self._seen.setdefault(part_number, set())
        place = (line.param.key, line.param.condition)
        if place in seen:
            groups.append([])
            seen.clear()
        seen.add(place)
        groups[-1].append(line)
