"""What of the 25 packs the desk can write without a file, and what it gave of nine of them from their texts alone.

Run `python -m benchmarks.authoring`: it prints the tables of docs/reference/policies-by-forms.md. The second one needs
the official texts of ../shared/data, which the project does not hold. A drafted rule counts as given where its figures
and comparisons are those of the rule written by hand; a quarter is 0.25, and a parameter that the text itself sets
counts with its values. What a fact is called is not compared; what has no figure never counts as given.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import django

from tests.conformance.test_policies import policies
from tests.conformance.test_structuring import TEXTS, dictionary, texts
from zhida.domain.packs import Pack
from zhida.domain.packs.sentences import form_of
from zhida.domain.rules import parse, write
from zhida.services.authoring.claims import claim, claiming_of, count_name
from zhida.services.authoring.refusing import sheet_of
from zhida.services.authoring.sheets import ITEMS, PARAMETERS, RULES, Sheet
from zhida.services.authoring.stacking import group_of, stack
from zhida.services.structuring import draft_pack, read_document

FROM_TEXTS = {
    "p01": "ns-guide-10", "p03": "ns-guide-29", "p05": "ns-6", "p06": "ns-5", "p16": "gz-doc_27", "p18": "gz-doc_30",
    "p19": "gz-doc_18", "p20": "gz-doc_31", "p21": "gz-doc_33",
}  # fmt: skip
FORM, FEEL, FILE = "form", "expression", "file"
_FIGURE = re.compile(r"(?P<sign>[<>]=?|=|\.\.|)\s*(?P<figure>\d+(?:\.\d+)?)")
_OF_TEXT = re.compile(r"第.+条")
_OF_CLAIMS = ("for_each", "counts", "once_per", "stacking")


@dataclass
class Counted:
    """How the rules of a pack can be written, and why some only in the file."""

    conditions: Counter[str] = field(default_factory=Counter)
    amounts: Counter[str] = field(default_factory=Counter)
    why: list[str] = field(default_factory=list)


def _sheet(pack: Pack) -> Sheet:
    return _sheet_of(pack.id, pack.files)


def _sheet_of(pack_id: str, files: Mapping[str, bytes]) -> Sheet:
    return sheet_of(pack_id, {f"{pack_id}/{name}": data for name, data in files.items()})


def _conditions(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every computed condition in FEEL, and how an author writes it; named alternatives become one `or`, which keeps
    what they decide and loses their names."""
    for one in pack.requirements.values():
        if one.alternatives:
            whole = parse(" or ".join(f"({write(each.when)})" for each in one.alternatives))
            yield write(whole), FORM if form_of(whole) else FEEL


def counted(pack: Pack) -> Counted:
    """How each rule of a pack is written on the desk: a form, an expression, or only the file."""
    found, sheet = Counted(), _sheet(pack)
    found.conditions.update(way for _, way in _conditions(pack))
    for name, item in pack.items.items():
        if item.program.amount is None:
            continue
        reasons = [*_lost(pack, name), *_reasons(sheet, pack, name)]
        found.amounts[FILE if reasons else _way(sheet, pack, name)] += 1
        found.why += reasons
    found.why = [*dict.fromkeys(found.why)]
    return found


def _lost(pack: Pack, item: str) -> Iterator[str]:
    """What of an item's claims and its group does not come back when the forms write what they read of it."""
    now, written = _sheet(pack), _sheet(pack)
    claiming = claiming_of(now, item)
    for key in _OF_CLAIMS:
        written.drop(ITEMS, (item, key))
    relation = pack.schema.relations.get(claiming.relation)
    claim(written, pack, item, claiming, relation.singular if relation else "")
    stack(written, item, group_of(now, item))
    yield from (key for key in _OF_CLAIMS if written.get(ITEMS, item, key) != now.get(ITEMS, item, key))


def _way(sheet: Sheet, pack: Pack, item: str) -> str:
    """Whether a form says a sum whole: what it looks up may rest on no expression of its own."""
    from benchmarks import forms  # The desk needs Django's settings first.

    own = {sheet.get(ITEMS, item, "benefit", "amount"), count_name(pack, item)}
    is_whole = not (_read_by(sheet, item) & {*pack.schema.amounts}) - own
    return FORM if is_whole and forms.sum_comes_back(sheet, pack, policies().dictionary, item) else FEEL


def _reasons(sheet: Sheet, pack: Pack, item: str) -> Iterator[str]:
    """Why a sum can only be written in the file: what it looks up does not come back from its form."""
    from benchmarks import forms  # The desk needs Django's settings first.

    record, read, dictionary = sheet.get(ITEMS, item) or {}, _read_by(sheet, item), policies().dictionary
    if record.get("quota", {}).get("order", "ranked") != "first_come" and "quota" in record:
        yield "ranked quota"
    if not all(forms.table_comes_back(sheet, pack, dictionary, one) for one in pack.schema.tables if one in read):
        yield "table"
    own = [one for one in sheet.get(PARAMETERS) or {} if one in read]
    if not all(forms.values_come_back(pack, dictionary, one) for one in own):
        yield "values by date and region"


def _read_by(sheet: Sheet, item: str) -> set[str]:
    """The names that an item's sum is made of."""
    rules, seen = sheet.get(RULES) or {}, {sheet.get(ITEMS, item, "benefit", "amount") or ""}
    made, before = {**rules.get("amounts", {}), **rules.get("tables", {})}, 0
    while len(seen) > before:
        before = len(seen)
        told = [{key: value for key, value in made[one].items() if key != "cites"} for one in seen if one in made]
        seen |= {*re.findall(r"[A-Za-z_]\w*", str(told))}
    return seen


def _figures(feel: str) -> tuple[tuple[str, str], ...]:
    found = [(each["sign"], each["figure"]) for each in _FIGURE.finditer(re.sub(r"year - \d|[A-Za-z_]\w*", "", feel))]
    return tuple(sorted(each for each in found if each[1] not in ("0", "1")))


def _amount_figures(sheet: Sheet, item: str) -> tuple[tuple[str, str], ...]:
    name = sheet.get(ITEMS, item, "benefit", "amount") or ""
    rules = sheet.get(RULES) or {}
    told, text = rules.get("tables", {}).get(name), str(rules.get("amounts", {}).get(name, {}).get("is", ""))
    own = [told] if told else [one for key, one in rules.get("tables", {}).items() if re.search(rf"\b{key}\b", text)]
    cells = [str(value) for one in own for row in one.get("rows", ()) for value in row.values()]
    for one in re.findall(r"parameters\.(\w+)", text):
        series = sheet.get(PARAMETERS, one)
        rows = series["rows"] if isinstance(series, dict) else series
        cells += [str(row["value"]) for row in rows if _OF_TEXT.match(row["source"])]
    text = re.sub(r"/ (\d+)\)", lambda match: f"* {1 / int(match[1]):.4g})", text)
    return tuple(sorted({figure for _, figure in _figures(" ; ".join([text, *cells]))}))  # type: ignore[return-value]


def given(pack: Pack, text: str) -> tuple[int, int, int, int]:
    """Of a pack's conditions with a figure and of its sums, how many the draft of its text holds as they stand."""
    draft = draft_pack(read_document("text.txt", text.encode()), dictionary(), "drafts/one")
    sheet = _sheet_of("drafts/one", draft.files)
    read = Counter(_figures(str(one.value.get("feel", ""))) for one in draft.proposals if one.kind == "condition")
    mine = [_figures(feel) for feel, _ in _conditions(pack)]
    asked = [one for one in mine if one]
    sums = Counter(_amount_figures(sheet, name) for name in sheet.get(ITEMS) or {})
    hand = _sheet(pack)
    wanted = [_amount_figures(hand, name) for name, item in pack.items.items() if item.program.amount is not None]
    return sum(read[one] > 0 for one in asked), len(asked), sum(sums[one] > 0 for one in wanted if one), len(wanted)


def _line(number: str, one: Counted) -> str:
    told = [one.conditions[FORM], one.conditions[FEEL], one.amounts[FORM], one.amounts[FEEL], one.amounts[FILE]]
    return f"| {number} | {' | '.join(map(str, told))} | {', '.join(one.why)} |"


def lines() -> Iterator[str]:
    """The first table: each pack, and all of them."""
    packs, total = {pack.follows: pack for pack in policies().packs.values()}, Counted()
    for number, pack in sorted(packs.items()):
        one = counted(pack)
        total.conditions.update(one.conditions)
        total.amounts.update(one.amounts)
        yield _line(number, one)
    yield _line("all", total)


def main() -> None:
    """Prints both tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhida.config.settings")
    django.setup()
    print("\n".join(lines()))
    packs = {pack.follows: pack for pack in policies().packs.values()}
    for number, name in FROM_TEXTS.items() if TEXTS.exists() else ():
        right, asked, sums, wanted = given(packs[number], texts()[name])
        print(f"| {number} | {right} of {asked} | {sums} of {wanted} |")


if __name__ == "__main__":
    main()
