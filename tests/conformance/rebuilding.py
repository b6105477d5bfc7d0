"""A real policy written anew by an author who has only the desk's pages: every act is a form sent.

The author begins from the clauses as a document, refuses what was read, and then types what the hand-written pack says:
items, what a claim is for, values by date, tables, conditions, sums, groups. Names that the desk gives are its own;
helper amounts stand inside the expressions that use them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.grids import grid_of
from zhida.domain.packs.sentences import feel_of, form_of
from zhida.domain.rules import Node, parse, walk, write
from zhida.domain.rules.nodes import Name, Path, rebuild
from zhida.services.authoring import checking, working
from zhida.services.authoring.giving import OTHER, STANDARD, TABLE, giving_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.presenters import claiming, entries, giving, quotas, series, tables, typed
from zhida.surfaces.desk.presenters.settling import proposals_of
from zhida.surfaces.look.parts import Question

HOME, NEW = "/desk/drafts/", "-"
NUMBERS = "一二三四五六七八九十"


class Fields(HTMLParser):
    """The fields of the form `entry` of a page, with what a browser sends of them untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self._inside, self._open = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._inside = self._inside or (tag == "form" and told.get("id") == "entry")
        name = told.get("name", "")
        if not self._inside:
            return
        if tag == "input" and told.get("type") == "checkbox":
            self.sent.setdefault(name, []).extend([told["value"]] if "checked" in told else [])
        elif tag == "input" and (told.get("type") != "radio" or "checked" in told):
            self.sent[name] = told.get("value", "")
        if tag in ("select", "textarea"):
            self._open = name
            self.sent.pop(name, None)
        if tag == "option" and ("selected" in told or self._open not in self.sent):
            self.sent[self._open] = told["value"]

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "textarea":
            self.sent[self._open] = self.sent.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def draft_of(pack: Pack) -> DraftRecord:
    """A hand-written pack as if it were a draft."""
    blank: dict[str, Any] = dict.fromkeys(DraftRecord.__dataclass_fields__)
    files = {f"{pack.id}/{name}": data for name, data in pack.files.items()}
    made = {"id": "one", "pack_id": pack.id, "office": pack.owner, "title": pack.id, "state": "open", "version": 1}
    return DraftRecord(**{**blank, **made, "files": files, "hands": (), "changed_by": ""})


def sent(questions: Iterable[Question]) -> dict[str, str]:
    """What a browser sends of untouched questions."""
    found = {}
    for one in questions:
        chosen = [each.value for each in one.choices if each.is_chosen]
        first = one.choices[0].value if one.choices and one.kind == "select" else ""
        found[one.name] = (chosen or [first])[0] if one.choices else one.value
    return found


def lines_sent(lines: tuple[entries.LineFields, ...]) -> dict[str, str]:
    """What a browser sends of the lines of a condition."""
    found = {}
    for line in lines:
        found |= {f"f-{line.number}": line.fact, f"v-{line.number}": line.value}
        found |= {f"p-{line.number}": next((one.value for one in line.periods if one.is_chosen), "")}
        found |= {f"o-{line.number}": next(one.value for one in line.operators if one.is_chosen)}
    return found


def claims_sent(draft: DraftRecord, item: str) -> dict[str, str]:
    """What a browser sends of the page of an item's claims."""
    page = claiming.claiming_page(draft, item, "", {}, {})
    assert page is not None
    asked = [page.relation, page.where, *(one for key in page.keys for one in (key.whose, key.per, key.anywhere))]
    junction = next((one.value for one in page.junctions if one.is_chosen), "and")
    told = sent(one for one in asked if one is not None)
    return {"way": page.way, "junction": junction, **told, **lines_sent(page.lines)}


class Refused(AssertionError):
    """A form that was not taken: where, and what the page said."""


@dataclass
class Rebuilder:
    """An author at a new draft of a policy; `named` are the desk's names by those of the hand-written pack."""

    client: Client
    pack: Pack
    sheet: str = ""
    acts: int = 0
    items: dict[str, str] = field(default_factory=dict)
    requirements: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    @property
    def draft(self) -> DraftRecord:
        """The draft as it is now."""
        return working.draft(self.sheet.split("/")[3], None)

    @property
    def now(self) -> Pack:
        """The pack that the draft is now."""
        reading = checking.read(self.draft)
        assert reading.pack is not None, reading.problems
        return reading.pack

    def fields(self, where: str) -> dict[str, Any]:
        """What the form of a page holds."""
        return Fields(self.client.get(f"{self.sheet}{where}").content.decode()).sent

    def sends(self, where: str, given: Mapping[str, Any]) -> str:
        """Where a form that was taken leads to. Raises Refused."""
        self.acts += 1
        body = {**given, "version": str(self.draft.version)}
        answer = self.client.post(f"{self.sheet}{where}", body)
        if answer.status_code != 302:
            page = html.unescape(answer.content.decode())
            told = re.findall(r'class="error"[^>]*>(.*?)<|href="#[^"]*">(.*?)</a>', page)
            raise Refused(f"{where}: {sorted({one or other for one, other in told})[:4]}")
        return answer.headers["Location"]

    def rebuild(self) -> Pack:
        """The policy, act by act."""
        self._begin()
        for name in self.pack.items:
            self._item(name)
        for name in self.pack.requirements:
            self._requirement(name)
        for name, item in self.pack.items.items():
            if item.benefit.amount:
                self._giving(name)
            where = f"rules/items/{self.items[name]}/"
            if item.claim != "applied":
                self.sends(where, {**self.fields(where), "claim": str(item.claim)})
            if item.quota is not None:
                self._quota(name)
            if item.group:
                self.sends(f"rules/items/{self.items[name]}/stacking/", {"group": item.group})
        return self.now

    def _begin(self) -> None:
        document, office = (
            self.pack.document,
            checking.read(draft_of(self.pack)).root.dictionary.offices[self.pack.owner],
        )
        told = [f"第{_number(at)}条 {_on_a_line(one.text)}" for at, one in enumerate(self.pack.clauses, start=1)]
        day = document.issued_on
        head = [
            f"{document.title}办法",
            document.number,
            office.words["zh"],
            f"{day.year}年{day.month}月{day.day}日",
            "",
        ]
        answer = self.client.post(HOME, {"text": "\n".join([*head, *told])})
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        self.sheet = answer.headers["Location"]
        kept = ""
        said = {}
        for one in proposals_of(self.draft):
            is_item = one.kind == "item" and not kept
            kept = one.edit.get("path", "") if is_item else kept
            said[f"s-{one.id}"] = "accept" if is_item else "refuse"
        self.sends("", said)
        valid = self.pack.valid
        header = {"title": document.title, "number": document.number, "issued_on": str(day)}
        header |= {"from": str(valid.start or ""), "to": str(valid.end - timedelta(1)) if valid.end else ""}
        self.sends("rules/header/pack/", {**self.fields("rules/header/pack/"), **header})

    def _item(self, name: str) -> None:
        item, anchors = self.pack.items[name], [one.anchor for one in self.now.clauses]
        title = self.pack.words["zh"].items[name].title
        if not self.items:
            first, *rest = self.now.items
            for other in rest:
                self.sends(f"rules/items/{other}/out/", {"why": "只是说明或表格"})
            self.items[name] = first
        else:
            there = self.sends("rules/items/", {"title": title, "clause": anchors[-1]})
            self.items[name] = there.split("/items/")[1].split("/")[0]
        where = f"rules/items/{self.items[name]}/"
        self.sends(f"{where}giving/", {"shape": "service"})
        whom = {"title": title, "audience": str(item.audience), "claim": "applied", "asking": "1", "asks": []}
        window = item.window
        days = {"from": str(window.start or ""), "to": str(window.end - timedelta(1)) if window.end else ""}
        self.sends(where, {**self.fields(where), **whom, **days})
        if item.within != self.now.items[self.items[name]].within:
            self.sends(where, {**self.fields(where), "within": item.within})
        self.sends(f"{where}claiming/", claims_sent(draft_of(self.pack), name))

    def _requirement(self, name: str) -> None:
        one, anchors = self.pack.requirements[name], [one.anchor for one in self.now.clauses]
        asking = [self.items[item] for item, told in self.pack.items.items() if name in told.requires]
        asked: dict[str, Any] = {"title": self.pack.words["zh"].requirements[name].title, "items": asking}
        asked |= {"clause": anchors[0], "kind": one.kind}
        if not one.alternatives:
            self.requirements[name] = self._added(asked)
            return
        for each in one.alternatives:
            self._begin_looked_up(each.when)
        whole = " or ".join(f"({self._feel(each.when)})" for each in one.alternatives)
        node, dictionary = parse(whole), checking.read(self.draft).root.dictionary
        form = form_of(node)
        if form is None or len(form.lines) > 2:
            self.requirements[name] = self._added({**asked, "kind": "judged"})
            where = f"rules/requirements/{self.requirements[name]}/"
            feel = feel_of(form) if form else write(node)
            self.sends(where, {**self.fields(where), "kind": "computed", "by": "feel", "feel": feel})
            return
        lines = lines_sent(tuple(line for line in entries.lines_of(form, self.now, dictionary) if line.fact))
        self.requirements[name] = self._added({**asked, "by": "form", "junction": form.junction, **lines})

    def _added(self, asked: Mapping[str, Any]) -> str:
        return self.sends("rules/requirements/", asked).rstrip("/").rpartition("/")[2]

    def _begin_looked_up(self, node: Node) -> None:
        """The tables and standards of a condition, each on its own page before it is used."""
        schema = self.pack.schema
        for one in _names(node):
            if one in schema.amounts:
                self._begin_looked_up(schema.amounts[one].value)
            if one in schema.tables and one not in self.named:
                self._new(one, "tables/", typed.fields_of(self._typed(one)) | {"clause": self.now.clauses[0].anchor})
        for name in sorted({one.field for one in walk(node) if isinstance(one, Path)} & {*self.pack.parameters}):
            if f"parameters.{name}" not in self.named:
                told = series.typed_of(self.pack.parameters[name], self.dictionary.code_trees["region"])
                self._new(f"parameters.{name}", "parameters/", {**series.fields_of(told), "called": self._called(name)})

    def _new(self, name: str, where: str, fields: Mapping[str, str]) -> None:
        """Begins what nothing uses yet; only what uses it later lets it be proposed."""
        made = self.sends(where, {**self.fields(where), **fields, "do": "write"}).rstrip("/").rpartition("/")[2]
        assert checking.read(self.draft).unused
        self.named[name] = f"parameters.{made}" if name.startswith("parameters.") else made

    def _giving(self, name: str) -> None:
        page = giving.giving_page(draft_of(self.pack), name, "", {}, {})
        assert page is not None
        told, amount, now = sent(page.questions), self._amount(name), giving_of(Sheet(draft_of(self.pack)), name)
        for low, gives in page.bands:
            told |= sent((low, gives))
        for one in [one for one in _names(amount) if one in self.pack.schema.tables and one not in self.named]:
            self._table(name, one, told)
        for key, feel in (("of", now.of), ("by", now.by)):
            if feel and {*_names(parse(feel))} & {"parameters", *self.pack.schema.amounts}:
                told[key] = self._feel(parse(feel))
        shape = OTHER if "parameters" in _names(parse(now.of or "0")) else page.shape
        if shape == OTHER:
            told["feel"] = self._feel(amount)
        known = self.named.get(told.get("standard", ""), "")
        if shape == STANDARD:
            told |= {"made": "" if known else self._words_of(told["standard"]), "standard": known, "feel": ""}
        if shape != TABLE:
            self._gives(name, shape, told)
        for one in [one for one in self.pack.parameters if f"parameters.{one}" not in self.named]:
            self._values(name, one)

    def _quota(self, name: str) -> None:
        """For how many an item is, and who comes first."""
        page = quotas.quota_page(draft_of(self.pack), name, {}, {})
        assert page is not None
        asked = [*page.questions, page.ties, *(one for key in page.keys for one in key.questions)]
        self.sends(f"rules/items/{self.items[name]}/quota/", sent(asked))

    def _amount(self, name: str) -> Node:
        given = self.pack.items[name].benefit.amount
        amounts = self.pack.schema.amounts
        return amounts[given].value if given in amounts else Name(given)

    def _gives(self, name: str, shape: str, told: Mapping[str, str]) -> None:
        where = f"rules/items/{self.items[name]}/giving/"
        query = f"?shape={shape}" + (f"&table={told['table']}" if shape == TABLE else "")
        self.sends(where, {**self.fields(f"{where}{query}"), **told, "shape": shape, "do": "write"})

    def _table(self, item: str, name: str, told: Mapping[str, str]) -> None:
        """A table that an item looks up; one that bounds another is written before it."""
        given = self._typed(name)
        now, sheet = giving_of(Sheet(draft_of(self.pack)), item), self.draft
        is_most = now.shape == TABLE and now.most == name
        fields = {**told, **typed.fields_of(given), "table": NEW}
        fields |= {"of": "", "most-table": ""} if is_most or now.shape != TABLE else {}
        fields |= {"most-table": self.named[now.most]} if now.shape == TABLE and now.most and not is_most else {}
        self._gives(item, TABLE, fields)
        (made,) = {*self.now.schema.tables} - {*checking.read(sheet).pack.schema.tables}  # type: ignore[union-attr]
        self.named[name] = made

    def _typed(self, name: str) -> typed.TypedGrid:
        """A table of the hand-written pack as an author types it by the desk's names."""
        grid, dictionary = grid_of(self.pack.schema.tables[name], self.pack.schema.facts), self.dictionary
        if grid is None:
            raise Refused(f"no form says the table {name}")
        columns = tuple(replace(one, source=self._feel(parse(one.source))) for one in grid.columns)
        rows = tuple(replace(one, gives=self._feel(parse(one.gives))) for one in grid.rows)
        return typed.typed_of(
            replace(grid, columns=columns, rows=rows), tables.table_result(self.pack, name, grid),
            typed.Facing(self.now, dictionary),
        )  # fmt: skip

    def _called(self, name: str) -> str:
        """What the author calls a parameter."""
        return f"第{NUMBERS[[*self.pack.parameters].index(name)]}标准"

    def _words_of(self, parameter: str) -> str:
        """A parameter as an author types one that is not there yet: a name of its own and its first value."""
        name = parameter.removeprefix("parameters.")
        one = self.pack.parameters[name]
        value = one.rows[0].value
        shown = f"{Decimal(str(value)) / 100}元" if one.unit == "fen" else str(value)
        return f"{self._called(name)}（{shown}）"

    def _values(self, item: str, name: str) -> None:
        """The values of a parameter that an item's sum has just brought with its first one."""
        words = self._called(name)
        made = [key for key, one in self.now.parameters.items() if one.rows[0].source.startswith(words)]
        if made:
            self.named[f"parameters.{name}"] = f"parameters.{made[0]}"
            told = series.typed_of(self.pack.parameters[name], self.dictionary.code_trees["region"])
            first = replace(told.values[0], source=f"{words}，{told.values[0].source}")
            rows = replace(told, values=(first, *told.values[1:]))
            self.sends(f"parameters/{made[0]}/", {**series.fields_of(rows), "do": "write"})

    @property
    def dictionary(self) -> Dictionary:
        """What the draft may speak of."""
        return checking.read(self.draft).root.dictionary

    def _feel(self, node: Node) -> str:
        """An expression with helper amounts inside it and with the desk's names; a parameter that is not there yet
        with its first value."""
        text = write(self.renamed(node))
        for name in self.pack.parameters:
            text = re.sub(rf"\bnew_{name}\b", self._words_of(name), text)
        return text

    def renamed(self, node: Node) -> Node:
        """An expression by the desk's names."""
        amounts = self.pack.schema.amounts
        if isinstance(node, Name) and node.name in amounts:
            return self.renamed(amounts[node.name].value)
        if isinstance(node, Name) and node.name in self.named:
            return Name(self.named[node.name])
        if isinstance(node, Path) and node.source == Name("parameters"):
            known = self.named.get(f"parameters.{node.field}")
            return replace(node, field=known.partition(".")[2]) if known else Name(f"new_{node.field}")
        return rebuild(node, self.renamed)


def _names(node: Node) -> list[str]:
    """The names in an expression, the last ones first."""
    return [*dict.fromkeys(one.name for one in reversed([*walk(node)]) if isinstance(one, Name))]


def _number(at: int) -> str:
    tens, ones = divmod(at, 10)
    return ("十" if tens == 1 else f"{NUMBERS[tens - 1]}十" if tens else "") + (NUMBERS[ones - 1] if ones else "")


def _on_a_line(text: str) -> str:
    return " ".join(text.split())
