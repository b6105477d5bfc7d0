"""A mapping: which column of a source's file is which fact, read from YAML with every mistake told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from zhida.domain.errors import AuthorError, InvariantBroken, Problem
from zhida.domain.registers.shapes import Shape
from zhida.domain.registers.transforms import Transform, transform
from zhida.domain.values import FactKey, SubjectKind

SECTIONS = ("subjects", "source", "observed_on", "is_complete", "encoding", "codes", "identity", "places", "facts")
IDENTITY = ("credit_code", "number", "name", "region")
CODES = {"old_form": ("land", "quarantine"), "bad_check_digit": ("ask", "quarantine")}


@dataclass(frozen=True)
class Cell:
    """One column of the file and what is done to it. Where `where` names another column, only rows whose text there is
    in `among` have a value; of the others the value is left unknown and the row is flagged `otherwise`."""

    column: str
    apply: tuple[Transform, ...] = ()
    where: str = ""
    among: frozenset[str] = frozenset()
    otherwise: str = "left_unknown"


@dataclass(frozen=True)
class FileMapping:
    """How one kind of file is read. `place_facts` are facts whose value is the subject's region as resolved."""

    subjects: SubjectKind
    identity: Mapping[str, Cell]
    facts: Mapping[str, Cell] = field(default_factory=dict)
    place_facts: tuple[str, ...] = ()
    source: str = ""
    observed_on: date | None = None
    is_complete: bool = False
    encoding: str = ""
    old_form: str = "quarantine"
    bad_check_digit: str = "ask"
    province_column: str = ""
    places: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = b""


def read_mapping(content: bytes, file: str, known: Mapping[str, Shape]) -> FileMapping:
    """A mapping from its YAML, checked against the dictionary. Raises AuthorError with every problem found."""
    return _Reader(content, file, known).mapping()


class _Reader:
    def __init__(self, content: bytes, file: str, known: Mapping[str, Shape]) -> None:
        self._content = content
        self._file = file
        self._known = known
        self._problems: list[Problem] = []

    def mapping(self) -> FileMapping:
        top = self._load()
        self._only(top, SECTIONS, "section")
        kind = top.get("subjects")
        if kind not in {str(each) for each in SubjectKind}:
            self._wrong("unknown_kind", f"subjects: {kind!r}", "say organisation, person or household")
        identity = {name: self._cell(name, value) for name, value in self._section(top, "identity").items()}
        self._only(identity, IDENTITY, "identity field")
        if "name" not in identity or not {"credit_code", "number"} & set(identity):
            self._wrong("no_identity", "identity needs name, and credit_code or number", "name the columns")
        written = self._section(top, "facts")
        places = tuple(name for name, value in written.items() if value == "region")
        facts = {name: self._cell(name, value) for name, value in written.items() if value != "region"}
        for name in written:
            self._check_fact(name)
        codes = self._section(top, "codes")
        self._only(codes, tuple(CODES), "rule about codes")
        for name, word in codes.items():
            if word not in CODES.get(name, (word,)):
                self._wrong("unknown_choice", f"codes.{name}: {word!r}", f"say {' or '.join(CODES[name])}")
        region = self._section(top, "identity").get("region")
        lists = self._section(top, "places")
        self._only(lists, ("lists", "history"), "word about places")
        observed_on = self._date(top.get("observed_on"))
        if self._problems:
            raise AuthorError(self._problems)
        return FileMapping(
            subjects=SubjectKind(str(kind)),
            identity=identity,
            facts=facts,
            place_facts=places,
            source=str(top.get("source", "")),
            observed_on=observed_on,
            is_complete=bool(top.get("is_complete", False)),
            encoding=str(top.get("encoding", "")),
            old_form=codes.get("old_form", "quarantine"),
            bad_check_digit=codes.get("bad_check_digit", "ask"),
            province_column=str(region.get("province", "")) if isinstance(region, dict) else "",
            places=lists,
            content=self._content,
        )

    def _load(self) -> dict[str, Any]:
        try:
            top = YAML(typ="safe", pure=True).load(self._content)
        except YAMLError as caught:
            raise AuthorError([Problem(self._file, 0, 0, "malformed_yaml", str(caught), "mend the YAML")]) from caught
        if not isinstance(top, dict):
            raise AuthorError([Problem(self._file, 0, 0, "malformed_mapping", "a mapping is a record of sections")])
        return top

    def _section(self, top: Mapping[str, Any], name: str) -> dict[str, Any]:
        section = top.get(name) or {}
        if isinstance(section, dict):
            return section
        self._wrong("malformed_section", f"{name} is no record", "write names and values below it")
        return {}

    def _cell(self, name: str, written: Any) -> Cell:
        given = {"column": written} if isinstance(written, str) else written
        if not isinstance(given, dict) or "column" not in given:
            self._wrong("no_column", f"{name} names no column", "write {column: …}")
            return Cell("")
        self._only(given, ("column", "apply", "where", "province"), f"word about {name}")
        steps = []
        for step in given.get("apply", ["strip"]):
            try:
                steps.append(transform(step))
            except ValueError as caught:
                self._wrong("unknown_transform", f"{name}: {step!r}", str(caught))
        where = given.get("where") or {}
        self._only(where, ("column", "in", "otherwise"), f"word in where of {name}")
        return Cell(
            column=str(given["column"]),
            apply=tuple(steps),
            where=str(where.get("column", "")),
            among=frozenset(str(each) for each in where.get("in", ())),
            otherwise=str(where.get("otherwise", "left_unknown")),
        )

    def _check_fact(self, name: str) -> None:
        try:
            key = FactKey.parse(name)
        except (InvariantBroken, ValueError):
            self._wrong("malformed_key", f"{name} is no fact key", "write name or name@2025")
            return
        shape = self._known.get(key.attribute)
        if shape is None:
            self._wrong("unknown_attribute", f"no attribute {key.attribute}", "take a name of the dictionary")
        elif (key.period is None) != (shape.period == "none"):
            self._wrong("wrong_period", f"{name}: its period is {shape.period}", "write name@2025 for a yearly fact")
        elif shape.kind == "relation" or shape.is_derived:
            self._wrong("not_importable", f"{name} is a relation or derived", "send relations as a batch of columns")

    def _date(self, written: Any) -> date | None:
        if written is None or isinstance(written, date):
            return written
        try:
            return date.fromisoformat(str(written))
        except ValueError:
            self._wrong("not_a_date", f"observed_on: {written!r}", "write 2026-01-31")
            return None

    def _only(self, given: Mapping[str, Any], allowed: tuple[str, ...], what: str) -> None:
        for name in given:
            if name not in allowed:
                self._wrong("unknown_word", f"no {what} {name}", f"there are {', '.join(allowed)}")

    def _wrong(self, code: str, words: str, hint: str) -> None:
        self._problems.append(Problem(self._file, 0, 0, code, words, hint))
