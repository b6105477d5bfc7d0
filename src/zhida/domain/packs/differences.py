"""What changed from one revision of a pack to the next, in words for officers and for those it reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from zhida.domain.packs.items import Item, Quota
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import ParameterSeries, Requirement, Row, Table, write
from zhida.domain.rules.language.writing import write_constant
from zhida.domain.values import Span

T = TypeVar("T")
_ADDED = {"zh": "新增", "en": "added"}
_REMOVED = {"zh": "取消", "en": "removed"}
_KINDS = {
    "valid": ("有效期", "in force"),
    "region": ("适用地区", "region"),
    "owner": ("负责部门", "owner"),
    "clause": ("条款", "clause"),
    "item": ("事项", "item"),
    "requirement": ("条件", "requirement"),
    "table": ("表", "table"),
    "amount": ("金额", "amount"),
    "parameter": ("参数", "parameter"),
    "form": ("表单", "form"),
    "process": ("办理步骤", "steps"),
}


@dataclass(frozen=True)
class Change:
    """One change: its kind, where it stands, what was and what is ("" for nothing), and the same in both languages."""

    kind: str
    where: str
    before: str
    after: str
    words: Mapping[str, str]


def diff(old: Pack, new: Pack) -> tuple[Change, ...]:
    """Every change of meaning between two packs, in the order of an author's files; words alone are not looked at."""
    parts: tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...] = (
        ("valid", {"": _span(old.valid)}, {"": _span(new.valid)}),
        ("region", {"": old.region}, {"": new.region}),
        ("owner", {"": old.owner}, {"": new.owner}),
        ("clause", _clauses(old), _clauses(new)),
        ("item", _flat(old.items, _item), _flat(new.items, _item)),
        ("requirement", _flat(old.requirements, _requirement), _flat(new.requirements, _requirement)),
        ("table", _flat(old.schema.tables, _table), _flat(new.schema.tables, _table)),
        ("amount", _amounts(old), _amounts(new)),
        ("parameter", _flat(old.parameters, _parameter), _flat(new.parameters, _parameter)),
        ("form", _form(old), _form(new)),
        ("process", _process(old), _process(new)),
    )
    return tuple(change for kind, before, after in parts for change in _changes(kind, before, after))


def _changes(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for where in [*old, *(name for name in new if name not in old)]:
        before, after = old.get(where, ""), new.get(where, "")
        if before != after:
            words = {lang: _words(kind, where, before, after, lang) for lang in ("zh", "en")}
            yield Change(kind, where, before, after, words)


def _words(kind: str, where: str, before: str, after: str, lang: str) -> str:
    head = f"{_KINDS[kind][lang == 'en']} {where}".strip()
    colon = ": " if lang == "en" else "："
    if not before:
        return f"{head}{colon}{_ADDED[lang]} {after}"
    if not after:
        return f"{head}{colon}{_REMOVED[lang]} {before}"
    return f"{head}{colon}{before} → {after}"


def _flat(named: Mapping[str, T], told: Callable[[T], Mapping[str, str]]) -> dict[str, str]:
    return {f"{name}{part}": words for name, value in named.items() for part, words in told(value).items()}


def _span(span: Span) -> str:
    return f"[{span.start or ''}..{span.end or ''})"


def _clauses(pack: Pack) -> dict[str, str]:
    return {
        clause.anchor: " ".join(filter(None, (clause.number, clause.heading, clause.text))) for clause in pack.clauses
    }


def _item(item: Item) -> dict[str, str]:
    told: dict[str, Any] = {
        "audience": item.audience,
        "claim": item.claim,
        "requires": ", ".join(item.requires),
        "benefit": f"{item.benefit.kind} {item.benefit.amount or item.benefit.credential}".strip(),
        "window": _span(item.window),
        "for_each": item.for_each,
        "once_per": "; ".join(" + ".join(key) for key in item.once_per),
        "schedule": f"{item.schedule.every} × {item.schedule.count or '∞'}" if item.schedule else "",
        "quota": _quota(item.quota) if item.quota else "",
        "stacking": item.group,
        "budget_line": item.budget_line,
        "obligations": "; ".join(f"{o.name} {o.until or f'{o.years} years'} {o.breach}" for o in item.obligations),
    }
    return {f".{part}": str(words) for part, words in told.items() if words}


def _quota(quota: Quota) -> str:
    limits = [str(quota.n)] if quota.n is not None else []
    limits += [f"{quota.total_fen} fen"] if quota.total_fen is not None else []
    return f"{' and '.join(limits)} by {', '.join(ranking.text for ranking in quota.by) or quota.order}"


def _requirement(requirement: Requirement) -> dict[str, str]:
    if requirement.kind != "computed":
        return {"": requirement.kind}
    return {f".{a.name}" if a.name else "": write(a.when) for a in requirement.alternatives}


def _table(table: Table) -> dict[str, str]:
    told = {f" [{_cells(row)}]": write(row.gives) for row in table.rows}
    by = ", ".join(write(column.value) for column in table.by)
    return {" by": f"{table.hit} by {by}", **told} | ({" cap": write(table.cap)} if table.cap else {})


def _cells(row: Row) -> str:
    return " | ".join(", ".join(write(test) for test in cell) or "-" for cell in row.cells)


def _amounts(pack: Pack) -> dict[str, str]:
    return {name: write(amount.value) for name, amount in pack.schema.amounts.items()}


def _parameter(series: ParameterSeries) -> dict[str, str]:
    return {f" {row.effective} {row.region}".rstrip(): write_constant(row.value) for row in series.rows}


def _form(pack: Pack) -> dict[str, str]:
    told = {f"question {name}": f"{q.fact.kind} {q.fact.unit}".strip() for name, q in pack.form.questions.items()}
    told |= {f"paper {name}": ", ".join(paper.formats) for name, paper in pack.form.papers.items()}
    return told | {f"confirm {name}": "yes" for name in pack.form.confirm}


def _process(pack: Pack) -> dict[str, str]:
    steps = pack.process.steps if pack.process else ()
    limits = (f" ≤ {step.within_working_days} wd" if step.within_working_days is not None else "" for step in steps)
    return {
        f"{n}": f"{step.kind} by {step.by}{limit}" for n, (step, limit) in enumerate(zip(steps, limits, strict=True), 1)
    }
