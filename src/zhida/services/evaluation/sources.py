"""Whether what the rules read is still being told: each fact of a policy against the newest snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow.parquet as pq

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.rules.engines.keys import keys_read
from zhida.domain.values import FactKey, Span, SubjectKind, local_date
from zhida.kernel.entitlements.past import GRANTS
from zhida.kernel.registry import queries as registry
from zhida.services.evaluation.records import SourceStanding, Speaks


def sources_of(pack: Pack, dictionary: Dictionary, *, as_of: datetime) -> tuple[SourceStanding, ...]:
    """The facts that a policy's items read on a day, in the order of their names; what a form asks has no source."""
    found: dict[str, SourceStanding] = {}
    for kind in {item.audience for item in pack.items.values()}:
        programs = [item.program for item in pack.items.values() if item.audience is kind]
        keys = [key for key in keys_read(programs, local_date(as_of)) if _owner(key, dictionary)]
        held = _columns(kind, as_of)
        for key in keys:
            mine = _standing(key, held, dictionary)
            theirs = found.get(key.attribute)
            found[key.attribute] = mine if theirs is None or mine.known < theirs.known else theirs
    return tuple(found[name] for name in sorted(found))


def _owner(key: FactKey, dictionary: Dictionary) -> str:
    """The office that owns a fact with a source; "" for what is derived, asked or filled in by the platform."""
    attribute = dictionary.attributes.get(key.attribute)
    if attribute is not None:
        return "" if attribute.fact.expression is not None else dictionary.owner_of(key.attribute)
    return dictionary.owner_of(key.attribute) if key.attribute in dictionary.relations and key != GRANTS else ""


class _Columns:
    """The newest snapshot: how many subjects, how many are known of each column, which columns have grown old."""

    def __init__(self, subjects: int, known: Mapping[str, int], old: frozenset[str]) -> None:
        self.subjects = subjects
        self.known = known
        self.old = old

    def of(self, key: FactKey) -> list[str]:
        """The columns that hold a key; of an interval fact all of them."""
        if key.period is not None and not isinstance(key.period, Span):
            return [name for name in self.known if name == str(key)]
        return [name for name in self.known if FactKey.parse(name).attribute == key.attribute]


def _columns(kind: SubjectKind, as_of: datetime) -> _Columns:
    ref = registry.latest_snapshot(kind, as_of=as_of)
    if ref is None:
        return _Columns(0, {}, frozenset())
    told = pq.read_metadata(registry.snapshot_file(ref))
    names = [name for name in told.schema.to_arrow_schema().names if not name.startswith("~")]
    absent: dict[str, int] = dict.fromkeys(names, 0)
    for group in range(told.num_row_groups):
        for place in range(told.num_columns):
            column = told.row_group(group).column(place)
            name = column.path_in_schema.partition(".")[0]
            if name in absent and column.statistics is not None and column.path_in_schema == name:
                absent[name] += column.statistics.null_count or 0
    stale = registry.stale_origins(ref, on=local_date(as_of))
    known = {name: told.num_rows - count for name, count in absent.items() if name not in ("subject", "region")}
    return _Columns(told.num_rows, known, frozenset(name for name, origins in stale.items() if origins))


def _standing(key: FactKey, held: _Columns, dictionary: Dictionary) -> SourceStanding:
    entry = dictionary.attributes.get(key.attribute) or dictionary.relations[key.attribute]
    names = held.of(key)
    known = max((held.known[name] for name in names), default=0)
    speaks = Speaks.NONE if not known else Speaks.OLD if any(name in held.old for name in names) else Speaks.ALIVE
    return SourceStanding(key.attribute, _owner(key, dictionary), entry.source, speaks, known, held.subjects)
