"""Parameters: a value from a date on, perhaps in one region only, always with its publication and source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhida.domain.packs.source.fields import Fields, as_boolean, as_date, as_number
from zhida.domain.packs.source.nodes import ListNode, Node, Problems, RecordNode, Spot
from zhida.domain.rules.schema import ParameterRow, ParameterSeries, Scalar
from zhida.domain.sentences import tell
from zhida.domain.values import CodeTree


def read_parameter(name: str, node: Node, problems: Problems, regions: CodeTree) -> ParameterSeries:
    """A series: a list of rows, or {unit, rows} where the value has a unit. Two rows for one day and region,
    values of different kinds, and regions that the tree does not hold are problems."""
    unit = ""
    if isinstance(node, RecordNode):
        head = Fields(node, problems, name)
        unit, rows = head.text("unit", ""), head.node("rows") or ListNode(node.spot)
        head.close()
    else:
        rows = node
    if not isinstance(rows, ListNode) or not rows.items:
        words = tell("{name} must be a list of {{effective, value, published, source}}", name=name)
        problems.add(rows.spot, "not_a_list", words)
        return ParameterSeries(name, (), unit)
    found = [_row(name, item, problems, regions) for item in rows.items]
    _refuse_doubles(name, found, problems)
    return ParameterSeries(name, tuple(row for _, row in found), unit)


def _row(name: str, node: Node, problems: Problems, regions: CodeTree) -> tuple[Spot, ParameterRow]:
    fields = Fields(node, problems, name)
    region = fields.text("region", "")
    if region and region not in regions:
        words = tell("{name}: no region {region}", name=name, region=region)
        problems.add(fields.spot_of("region"), "unknown_region", words)
    row = ParameterRow(
        effective=fields.day("effective"),
        value=typed_by_look(fields.text("value")),
        region=region,
        published=fields.day("published"),
        source=fields.text("source"),
    )
    fields.close()
    return fields.spot, row


def typed_by_look(text: str) -> Scalar:
    """A parameter's value: a number, a date, true or false where it looks like one, else the text itself."""
    for read in (as_number, as_date, as_boolean):
        value = read(text)
        if value is not None:
            return value
    return text


def _refuse_doubles(name: str, found: list[tuple[Spot, ParameterRow]], problems: Problems) -> None:
    seen: dict[tuple[date, str], Spot] = {}
    kinds: set[type] = set()
    for spot, row in found:
        key = (row.effective, row.region)
        if key in seen:
            words = tell(
                "{name}: a second value from {day} on, as in line {line}",
                name=name,
                day=row.effective,
                line=seen[key].line,
            )
            problems.add(spot, "parameter_twice", words, "keep one, or name the region")
        seen[key] = spot
        kinds.add(Decimal if isinstance(row.value, Decimal) else type(row.value))
    if len(kinds) > 1:
        problems.add(found[0][0], "mixed_parameter", tell("{name} holds values of different kinds", name=name))
