"""One row of a file, read by its mapping: a subject with facts and flags, or the reason why it does not land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.domain.registers import PlaceBook, Unfit, number
from zhida.domain.registers.columns import stored
from zhida.domain.registers.mapping import Cell, FileMapping
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import FactKey, SubjectKind
from zhida.domain.values.subject import CodeVerdict, judge_credit_code, judge_resident_number
from zhida.kernel.registry.importing.readers import Row

ASKED = "bad_check_digit"
OLD_FORM = "old_form"
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Landing:
    """A row that lands. `facts` are domain values by written key, None is unknown; `flags` are (field, reason)."""

    line: int
    code: str
    name: str
    region: str
    code_state: str
    status: str
    facts: Mapping[str, Any]
    flags: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Refusal:
    """A row that does not land: which field, and why."""

    line: int
    field: str
    reason: str
    raw: Row


class RowReader:
    """Reads rows by one mapping."""

    def __init__(self, mapping: FileMapping, known: Mapping[str, Shape], places: PlaceBook) -> None:
        self._mapping = mapping
        self._places = places
        self._shapes = {name: known[FactKey.parse(name).attribute] for name in mapping.facts}
        self._code = "credit_code" if mapping.subjects is SubjectKind.ORGANISATION else "number"

    def read(self, line: int, row: Row, broken: str) -> Landing | Refusal:
        """The row as it lands, or why it does not."""
        if broken:
            return Refusal(line, "", broken, row)
        flags: list[tuple[str, str]] = []
        try:
            return self._landing(line, row, flags)
        except Unfit as unfit:
            return Refusal(line, unfit.field, unfit.reason, row)

    def _landing(self, line: int, row: Row, flags: list[tuple[str, str]]) -> Landing:
        identity = {name: _text(name, cell, row) for name, cell in self._mapping.identity.items()}
        code, name = identity.get(self._code, ""), identity["name"]
        code_state, status = self._judge(code, flags)
        if not name or len(name) > _LONGEST_NAME:
            raise Unfit("name_too_long" if name else "name_missing", "name")
        region = self._region(identity.get("region", ""), row, flags)
        facts: dict[str, Any] = dict.fromkeys(self._mapping.place_facts, region or None)
        for key, cell in self._mapping.facts.items():
            facts[key] = self._fact(key, cell, row, flags)
        return Landing(line, code, name, region, code_state, status, facts, tuple(flags))

    def _judge(self, code: str, flags: list[tuple[str, str]]) -> tuple[str, str]:
        """The state of the code and of the subject. Raises Unfit where the row must not land by it."""
        if not code:
            raise Unfit("code_missing", self._code)
        judge = judge_credit_code if self._code == "credit_code" else judge_resident_number
        match judge(code):
            case CodeVerdict.SOUND:
                return ("sound" if self._code == "credit_code" else ""), "active"
            case CodeVerdict.BAD_CHECK_DIGIT if self._mapping.bad_check_digit == "ask" and self._code == "credit_code":
                flags.append((self._code, ASKED))
                return "asked", "doubtful"
            case CodeVerdict.BAD_CHECK_DIGIT:
                raise Unfit(ASKED, self._code)
            case CodeVerdict.OLD_FORM if self._mapping.old_form == "land":
                flags.append((self._code, OLD_FORM))
                return "old_form", "active"
            case CodeVerdict.OLD_FORM:
                raise Unfit(OLD_FORM, self._code)
        raise Unfit("forged_code", self._code)

    def _region(self, code: str, row: Row, flags: list[tuple[str, str]]) -> str:
        region, flag = self._places.resolve(code, row.get(self._mapping.province_column, "").strip())
        if flag:
            flags.append(("region", flag))
        return region

    def _fact(self, key: str, cell: Cell, row: Row, flags: list[tuple[str, str]]) -> Any:
        text = _text(key, cell, row)
        if not text:
            return None
        if cell.where and row.get(cell.where, "").strip() not in cell.among:
            flags.append((key, cell.otherwise))
            return None
        try:
            value = _value(self._shapes[key], text)
            stored(self._shapes[key], value)
        except ValueError as caught:
            raise Unfit(str(caught), key) from caught
        return value


def _text(field: str, cell: Cell, row: Row) -> str:
    text = row[cell.column]
    try:
        for step in cell.apply:
            text = step(text) if text else ""
    except Unfit as unfit:
        raise Unfit(unfit.reason, field) from unfit
    return text


def _value(shape: Shape, text: str) -> Any:
    match shape.kind:
        case "number":
            return number(text)
        case "boolean":
            if text not in {"true", "false"}:
                raise Unfit("not_a_boolean")
            return text == "true"
        case "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise Unfit("not_a_date") from None
        case "texts":
            return tuple(part.strip() for part in text.replace("；", ";").replace("、", ";").split(";") if part.strip())
    return text
