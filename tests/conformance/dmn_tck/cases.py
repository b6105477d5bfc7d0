"""The test cases of the TCK as they were published: inputs, and what each result must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from tests.conformance.dmn_tck.calendar import read_day, read_moment, read_time
from tests.conformance.dmn_tck.durations import read_duration
from tests.conformance.dmn_tck.reading import Xml, child, parsed, tag, text_of

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NUMBERS = frozenset(("decimal", "double", "float", "integer", "int", "long", "short"))
_TEMPORAL = {"date": read_day, "time": read_time, "dateTime": read_moment, "duration": read_duration}
_TEMPORAL |= {"dayTimeDuration": read_duration, "yearMonthDuration": read_duration}


@dataclass(frozen=True)
class Result:
    """What one decision must be worth. An error shows as null."""

    name: str
    expected: Any


@dataclass(frozen=True)
class Case:
    """One test case. `invocable` names a decision service or a business knowledge model where `kind` says so."""

    name: str
    kind: str
    invocable: str
    inputs: dict[str, Any]
    results: tuple[Result, ...]


def read_cases(document: bytes) -> tuple[str, list[Case]]:
    """The file name of the model and the cases of a test document."""
    root = parsed(document)
    cases = [_case(one, index) for index, one in enumerate(_named(root, "testCase"), 1)]
    return text_of(root, "modelName"), cases


def _case(xml: Xml, index: int) -> Case:
    inputs = {one.get("name", ""): _value(one) for one in _named(xml, "inputNode")}
    results = tuple(Result(one.get("name", ""), _value(child(one, "expected"))) for one in _named(xml, "resultNode"))
    name = xml.get("id") or str(index)
    return Case(name, xml.get("type", "decision"), xml.get("invocableName", ""), inputs, results)


def _named(xml: Xml, name: str) -> Iterator[Xml]:
    return (one for one in xml.iterchildren(etree.Element) if tag(one) == name)


def _value(xml: Xml | None) -> Any:
    if xml is None or xml.get(_NIL) == "true":
        return None
    components = {one.get("name", ""): _value(one) for one in _named(xml, "component")}
    if components:
        return components
    items = child(xml, "list")
    if items is not None:
        return None if items.get(_NIL) == "true" else [_value(item) for item in _named(items, "item")]
    value = child(xml, "value")
    return _scalar(value) if value is not None else None


def _scalar(xml: Xml) -> Any:
    if xml.get(_NIL) == "true":
        return None
    text, kind = xml.text or "", xml.get(_TYPE, "").rpartition(":")[2]
    if kind in _NUMBERS:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in ("true", "1")
    return _TEMPORAL[kind](text.strip()) if kind in _TEMPORAL else text
