"""A draft's entries added, changed and taken out, each as one act over all files that speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhida.domain.packs import Pack
from zhida.domain.packs.source.splicing import Rows
from zhida.services.authoring.sheets import FORM, ITEMS, PARAMETERS, RULES, WORDS, Sheet, swept

ANSWERS = {"met": "符合：", "not_met": "不符合：", "unknown": "尚不能判断："}
NONE_OF_THESE = "都不是"
NO_RULE = "作者看过，不由规则执行"
LOOKED_UP: Mapping[str, tuple[str, tuple[str, ...]]] = {"tables": (RULES, ("tables",)), "parameters": (PARAMETERS, ())}
"""Where stands what can be written before anything uses it: the file, and the path in it."""


def add_item(sheet: Sheet, pack: Pack, title: str, anchor: str) -> str:
    """A further item from a clause, asking what the first one asks, as a service until it is said how much; its name.

    A clause that another item cites beside others becomes this one's alone.
    """
    first = next(iter(pack.items.values()))
    name = _free(f"item_{_of(anchor)}", sheet.get(ITEMS) or {})
    copied = sheet.get(ITEMS, first.name) or {}
    record: dict[str, Any] = {key: copied[key] for key in ("audience", "within") if key in copied}
    record |= {"claim": "applied", "requires": _shared(sheet, pack)}
    sheet.set(ITEMS, (name,), {**record, "benefit": {"kind": "service"}, "cites": [anchor]})
    for other in pack.items:
        cites = sheet.get(ITEMS, other, "cites") or []
        if anchor in cites and len(cites) > 1:
            sheet.set(ITEMS, (other, "cites"), [one for one in cites if one != anchor])
    sheet.set(WORDS, ("items", name), {"title": title, "how_much": title})
    swept(sheet, NO_RULE)
    return name


def _shared(sheet: Sheet, pack: Pack) -> list[str]:
    """What every item asks."""
    asked = [sheet.get(ITEMS, name, "requires") or [] for name in pack.items]
    common = [name for name in asked[0] if all(name in one for one in asked)]
    return [name for name in common if not name.startswith("case_")] or asked[0]


def add_requirement(
    sheet: Sheet, *, title: str, kind: str, when: str, anchor: str, items: Sequence[str], name: str = ""
) -> str:  # fmt: skip
    """A requirement from a clause, asked by some items; a paper where it is proved by one. Its name."""
    given = name or f"{'paper' if kind == 'evidenced' else 'met'}_{_of(anchor)}"
    name = _free(given, sheet.get(RULES, "requirements") or {})
    record = {"kind": kind} | ({"when": when} if when else {}) | {"cites": [anchor]}
    sheet.set(RULES, ("requirements", name), record)
    for item in items:
        sheet.set(ITEMS, (item, "requires"), [*(sheet.get(ITEMS, item, "requires") or []), name])
    put_words(sheet, name, kind, title)
    put_paper(sheet, name, kind, title)
    swept(sheet, NO_RULE)
    return name


def put_words(sheet: Sheet, name: str, kind: str, title: str) -> None:
    """What a person reads of a requirement, in the plain form that every draft begins with."""
    needed = ("met",) if kind == "undertaken" else tuple(ANSWERS)
    answers = {answer: f"{ANSWERS[answer]}{title}" for answer in needed}
    sheet.set(WORDS, ("requirements", name), {"title": title, **answers})


def put_paper(sheet: Sheet, name: str, kind: str, title: str) -> None:
    """A paper for what is proved by one; none for anything else."""
    if kind == "evidenced":
        if sheet.get(FORM, "papers", name) is None:
            cites = sheet.get(RULES, "requirements", name, "cites") or []
            sheet.set(FORM, ("papers", name), {"formats": ["pdf"], "cites": cites})
        sheet.set(WORDS, ("papers", name), title)
    elif sheet.get(FORM, "papers", name) is not None:
        sheet.drop(FORM, ("papers", name))
        sheet.drop(WORDS, ("papers", name))


def change_kind(sheet: Sheet, name: str, kind: str, title: str) -> None:
    """Who settles a requirement, with the words and the paper that go with it."""
    sheet.set(RULES, ("requirements", name, "kind"), kind)
    put_words(sheet, name, kind, title)
    put_paper(sheet, name, kind, title)


def rename(sheet: Sheet, name: str, title: str) -> None:
    """A requirement's title, and its answers where they only repeat the old one."""
    for file in sheet.languages():
        told = sheet.get(file, "requirements", name)
        if file != WORDS or not isinstance(told, dict):
            continue
        for answer, before in told.items():
            if isinstance(before, str) and before == f"{ANSWERS.get(answer, '')}{told['title']}":
                sheet.set(file, ("requirements", name, answer), f"{ANSWERS.get(answer, '')}{title}")
    if sheet.get(WORDS, "papers", name) is not None:
        sheet.set(WORDS, ("papers", name), title)


def ask(sheet: Sheet, item: str, names: Sequence[str], why: str) -> None:
    """Which requirements an item asks; those that no item asks any more go, their clauses explained by `why`."""
    sheet.set(ITEMS, (item, "requires"), [*names])
    swept(sheet, why or NO_RULE)


def take_out(sheet: Sheet, kind: str, names: Sequence[str], why: str) -> None:
    """Items or requirements out of the pack with all that only they used, or a table or parameter that nothing does."""
    for name in names if kind in LOOKED_UP else ():
        sheet.drop(LOOKED_UP[kind][0], (*LOOKED_UP[kind][1], name))
    if kind == "items":
        sheet.drop_all(ITEMS, (), names)
    for item, record in (sheet.get(ITEMS) or {}).items() if kind != "items" else ():
        kept = [one for one in record.get("requires", ()) if one not in names]
        if kept != [*record.get("requires", ())]:
            sheet.set(ITEMS, (item, "requires"), kept)
    swept(sheet, why or NO_RULE)


def entitle(sheet: Sheet, title: str) -> None:
    """What the document is called: the heading of its text."""
    path = f"{sheet.draft.pack_id}/policy.md"
    lines = [line for line in sheet.files[path].decode().split("\n") if not line.startswith("# ")]
    sheet.put(path, "\n".join([f"# {' '.join(title.split())}", *lines]).encode())


def change_audience(sheet: Sheet, item: str, kind: str, within: str) -> None:
    """Whom an item is for; `within` is the fact that says where such a subject belongs. Facts that the draft itself
    adds to the dictionary then describe such a subject too."""
    sheet.set(ITEMS, (item, "audience"), kind)
    sheet.set(ITEMS, (item, "within"), within)
    for path, added in sheet.added():
        for name, record in added.items():
            known = record.get("audience") or []
            if kind not in known:
                sheet.put_entry(path, ("attributes", name, "audience"), [*known, kind])


def ask_applicant(
    sheet: Sheet, name: str, question: Mapping[str, Any], words: str, values: Sequence[str] = ()
) -> None:  # fmt: skip
    """A question of the form: what no office holds, whoever applies declares and a person checks. Where it is one of
    some `values`, that none of them is true can be answered too."""
    offered = [*dict.fromkeys(values), NONE_OF_THESE] if values else []
    sheet.set(FORM, ("questions", name), {**question, **({"values": offered} if offered else {})})
    sheet.set(WORDS, ("questions", name), words)
    for value in offered:
        sheet.set(WORDS, ("choices", value), value)


def put_table(sheet: Sheet, name: str, by: str, rows: Sequence[tuple[str, str]], cites: Sequence[str]) -> None:
    """A table over one expression whose first row that holds counts."""
    column = by if by.isidentifier() else "of"
    told = Rows({column: cell, "gives": gives} for cell, gives in rows)
    source: Any = [by] if by.isidentifier() else {column: by}
    sheet.drop(RULES, ("tables", name))
    sheet.set(RULES, ("tables", name), {"hit": "first", "by": source, "rows": [*told], "cites": [*cites]})


def _of(anchor: str) -> str:
    return anchor.replace("-", "_")


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number, found = 2, name
    while found in taken:
        number, found = number + 1, f"{name}_x{number}"
    return found
