"""Values by date and region as an author sees them: from which day, where, how much, and where it was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.rules import FactType, ParameterSeries
from zhida.domain.rules.schema import Scalar
from zhida.domain.values import CodeTree
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import PARAMETERS, Sheet
from zhida.services.authoring.tables import values_of
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.formulas import standard_words
from zhida.surfaces.desk.presenters.tables import CellFields
from zhida.surfaces.desk.presenters.typed import NUMBER, SHARE
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words

DATE, BOOLEAN, TEXT = "date", "boolean", "text"
MOST_VALUES = 60
HEADS = {
    "effective": "从哪天起（含）", "region": "在哪里（不填是全部地区）", "value": "值",
    "published": "哪天公布", "source": "出处",
}  # fmt: skip
_UNITLESS = {SHARE: "百分之几", NUMBER: "数目", DATE: "日期", BOOLEAN: "是或否", TEXT: "文字"}


@dataclass(frozen=True)
class TypedValue:
    """One value as typed."""

    effective: str = ""
    region: str = ""
    value: str = ""
    published: str = ""
    source: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed in it."""
        return not (self.effective or self.region or self.value or self.published or self.source)


@dataclass(frozen=True)
class TypedSeries:
    """All values of one name as typed; `kind` is their unit, or what they are where they have none, `called` what a
    series that is not there yet is to be called."""

    kind: str = "fen"
    values: tuple[TypedValue, ...] = (TypedValue(), TypedValue())
    called: str = ""


@dataclass(frozen=True)
class ValueFields:
    """The fields of one value."""

    number: int
    cells: tuple[CellFields, ...]


@dataclass(frozen=True)
class SeriesPage:
    """The values of one name; a series to begin asks what it is `called`, one that `waits` is used by nothing."""

    head: DraftHead
    name: str
    title: str
    kind: Question
    heads: tuple[str, ...]
    values: tuple[ValueFields, ...]
    places: tuple[tuple[str, str], ...]
    can_grow: bool
    called: Question | None = None
    waits: bool = False


def kinds() -> dict[str, str]:
    """What values can be: sums and counts with their units first."""
    return {unit: say(words) for unit, words in fact_words.UNIT_NAMES.items() if unit != "age"} | {
        kind: say(words) for kind, words in _UNITLESS.items()
    }


def fields_of(series: TypedSeries) -> dict[str, str]:
    """The form's fields that say a series."""
    found = {"kind": series.kind, "values": str(len(series.values))}
    for number, one in enumerate(series.values, start=1):
        told = {"effective": one.effective, "region": one.region, "value": one.value}
        told |= {"published": one.published, "source": one.source}
        found |= {f"v-{number}-{key}": text for key, text in told.items()}
    return found


def kind_of(series: ParameterSeries) -> str:
    """What the values of a series are: its unit, or by their look."""
    if series.unit:
        return series.unit
    values = [row.value for row in series.rows]
    first = values[0] if values else Decimal(0)
    if isinstance(first, bool):
        return BOOLEAN
    if isinstance(first, date):
        return DATE
    if isinstance(first, str):
        return TEXT
    return SHARE if any(isinstance(one, Decimal) and 0 < abs(one) < 1 for one in values) else NUMBER


def typed_of(series: ParameterSeries, regions: CodeTree) -> TypedSeries:
    """A series as its author would type it."""
    kind = kind_of(series)
    values = tuple(
        TypedValue(
            one.effective.isoformat(),
            f"{one.region} {regions.named(one.region)}".strip() if one.region else "",
            value_shown(one.value, kind),
            one.published.isoformat(),
            one.source,
        )
        for one in values_of(series)
    )
    return TypedSeries(kind, values)


def value_shown(value: Scalar, kind: str) -> str:
    """A value as its author types it: fen as yuan, a share in hundredths."""
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, Decimal):
        number = {"fen": value / 100, SHARE: value * 100}.get(kind, value)
        return format(number.normalize() if number else Decimal(0), "f")
    return str(value)


def own_series(draft: DraftRecord, pack: Pack) -> dict[str, ParameterSeries]:
    """The series that a draft's own file holds, in its order."""
    return {name: pack.schema.parameters[name] for name in Sheet(draft).get(PARAMETERS) or {}}


def values_said(series: ParameterSeries, regions: CodeTree) -> Iterator[str]:
    """The values of a series in words."""
    kind = kind_of(series)
    unit = {SHARE: "%"}.get(kind) or (say(fact_words.UNIT_NAMES[kind]) if kind in fact_words.UNIT_NAMES else "")
    for one in values_of(series):
        place = say("，{place}", place=regions.named(one.region, spoken())) if one.region else ""
        yield say("{day} 起{place}：{value}", day=one.effective, place=place, value=value_shown(one.value, kind) + unit)


def series_page(
    draft: DraftRecord, name: str, typed: TypedSeries, faults: Mapping[str, str]
) -> SeriesPage | None:  # fmt: skip
    """The page of the values of one name, or of one to begin where it is empty; None where the draft's own file holds
    none of it."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None or (name and name not in own_series(draft, pack)):
        return None
    offered = kinds()
    offered |= {typed.kind: typed.kind} if typed.kind not in offered else {}
    choices = tuple(Choice(value, told, value == typed.kind) for value, told in offered.items())
    tree = dictionary.code_trees.get("region")
    called = Question("called", say("叫什么"), "text", value=typed.called, fault=faults.get("called", ""))
    return SeriesPage(
        head_of(draft, "rules"),
        name,
        standard_words(name, pack.schema.parameters[name]) if name else say("新的标准"),
        Question("kind", say("值是什么"), "select", choices=choices, fault=faults.get("kind", "")),
        tuple(say(one) for one in HEADS.values()),
        tuple(_fields(number, one, faults) for number, one in enumerate(typed.values, start=1)),
        _places(pack, dictionary, tree) if tree else (),
        len(typed.values) < MOST_VALUES,
        called=None if name else called,
        waits=name in Sheet(draft).waiting,
    )


def _fields(number: int, one: TypedValue, faults: Mapping[str, str]) -> ValueFields:
    told = {"effective": one.effective, "region": one.region, "value": one.value}
    told |= {"published": one.published, "source": one.source}
    cells = []
    for key, text in told.items():
        id_, head = f"v-{number}-{key}", say(HEADS[key])
        label = say("第 {row} 行，{column}", row=number, column=head)
        listed = "places" if key == "region" else ""
        cells.append(CellFields(id_, label, head, (), text, faults.get(id_, ""), listed))
    return ValueFields(number, tuple(cells))


def _places(pack: Pack, dictionary: Dictionary, tree: CodeTree) -> tuple[tuple[str, str], ...]:
    """The places that a value of this pack may name: its region and what lies inside."""
    inside = [code for code in tree.parents if tree.within(code, pack.region)]
    return tuple((code, f"{code} {tree.named(code)}") for code in inside[:400])


def fact_of_kind(kind: str) -> FactType:
    """What a value is typed as."""
    return FactType("value", "number", unit=kind if kind not in _UNITLESS else "")
