"""What an item gives, as a form: the shapes to choose from, and the questions of the one chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.sentences import PERIODS, shown
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.domain.rules import FactType
from zhida.services.authoring import checking
from zhida.services.authoring.giving import OTHER, SHAPES, STANDARD, TABLE, Giving, giving_of, paying_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters import entries
from zhida.surfaces.desk.presenters.composing import how_question, item_title
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.formulas import fact_and_period, in_words, said_of, standard_words
from zhida.surfaces.desk.presenters.recorded import once_said
from zhida.surfaces.desk.presenters.saying import fact_of, known_facts, name_of
from zhida.surfaces.desk.presenters.tables import GridFields
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question

SHAPE_WORDS = {
    "service": "不给钱（服务、认定）", "fixed": "定额", "per_unit": "每人（件、月）多少", "share": "按比例",
    "bands": "分档", TABLE: "查表（几列、分段累计）", STANDARD: "按公布的标准", OTHER: "自己写式子",
}  # fmt: skip
PARTS = {"": "一次给清", "year": "按年分期", "month": "按月分期"}
MEANS = {"money": "钱", "voucher": "消费券"}
BANDS = 6


@dataclass(frozen=True)
class GivingPage:
    """What an item gives: the shapes to choose from, and the fields of the one chosen."""

    head: DraftHead
    item: str
    title: str
    said: str
    shape: str
    shapes: tuple[tuple[str, str, bool], ...]
    questions: tuple[Question, ...]
    bands: tuple[tuple[Question, Question], ...]
    known: tuple[tuple[str, str], ...]
    back: str
    clauses: tuple[tuple[str, str, str], ...]
    table: str = ""
    tables: tuple[tuple[str, str, bool], ...] = ()
    grid: GridFields | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


def giving_page(
    draft: DraftRecord, item: str, shape: str, typed: Mapping[str, str], faults: Mapping[str, str]
) -> GivingPage | None:
    """What an item of a sound draft gives; None where there is no such item."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None or item not in pack.items:
        return None
    now = giving_of(Sheet(draft), item)
    shape = shape if shape in SHAPES else now.shape
    here = reverse("desk:giving", args=[draft.id, item])
    asked = Asked(now, pack, dictionary, typed, faults)
    return GivingPage(
        head_of(draft, "rules"), item, say("给多少：{title}", title=item_title(pack, item)),
        said_of(now, pack, dictionary),
        shape, tuple((f"{here}?shape={one}", say(SHAPE_WORDS[one]), one == shape) for one in SHAPES),
        tuple(asked.questions(shape, Sheet(draft), item)), tuple(asked.bands()) if shape == "bands" else (),
        known_facts(pack, dictionary), entries.entry_href(draft, "items", item),
        entries.cited(pack, tuple(pack.items[item].cites), draft), table=now.table, faults=faults,
    )  # fmt: skip


def tables_of(draft: DraftRecord, item: str, known: Sequence[str], chosen: str) -> tuple[tuple[str, str, bool], ...]:
    """The tables that an item may look up, each with the way to it, and a new one."""
    here = f"{reverse('desk:giving', args=[draft.id, item])}?shape={TABLE}&table="
    ways = [(f"{here}{name}", name, name == chosen) for name in known]
    return (*ways, (f"{here}-", say("另做一张"), chosen not in known))


def _in_yuan(fen: int) -> str:
    """A sum as people type it; "" for none."""
    return format((Decimal(fen) / 100).normalize(), "f") if fen else ""


class Asked:
    """The questions of a shape, with what was typed or what stands there now."""

    def __init__(
        self,
        now: Giving,
        pack: Pack,
        dictionary: Dictionary,
        typed: Mapping[str, str],
        faults: Mapping[str, str],
    ) -> None:
        self.now = now
        self.pack = pack
        self.dictionary = dictionary
        self.typed = typed
        self.faults = faults

    def _text(self, name: str, label: str, value: str, why: str = "", *, optional: bool = False) -> Question:
        value = self.typed.get(name, value)
        return Question(name, label, "text", why, value=value, fault=self.faults.get(name, ""), is_optional=optional)

    def _list(self, name: str, label: str, choices: Mapping[str, str], chosen: str) -> Question:
        chosen = self.typed.get(name, chosen)
        told = tuple(Choice(value, words, value == chosen) for value, words in choices.items())
        return Question(name, label, "select", choices=told, fault=self.faults.get(name, ""))

    def _fact(self, name: str, label: str, feel: str, *, optional: bool = False) -> list[Question]:
        fact, period = fact_and_period(feel)
        words = name_of(fact, self.pack, self.dictionary) if fact else ""
        periods = {one: period_words(one, spoken()) or say("不分期") for one in PERIODS}
        words = words or in_words(feel, self.pack, self.dictionary)
        return [
            self._text(name, label, words, optional=optional),
            self._list(f"{name}-period", say("上面这个数是哪一期的"), periods, period),
        ]

    def questions(self, shape: str, sheet: Sheet, item: str) -> list[Question]:
        """What a shape asks for, and what all money needs."""
        now = self.now
        found: list[Question] = []
        if shape in ("fixed", "per_unit"):
            found.append(self._text("sum", say("多少元"), _in_yuan(now.fen), say("可以写 2万、1.5亿")))
        if shape == "per_unit":
            found += self._fact("of", say("按什么的数目"), now.of)
        if shape == "share":
            found.append(
                self._text("rate", say("百分之几"), format((now.rate * 100).normalize(), "f") if now.rate else "")
            )
            found += self._fact("of", say("是什么的百分之几"), now.of)
        if shape == "bands":
            found += self._fact("by", say("按什么分档"), now.by)
            found += self._fact("of", say("各档是什么的百分之几（给定额的不填）"), now.of, optional=True)
        if shape in (TABLE, STANDARD):
            found += self._looked_up(shape)
        if shape in ("per_unit", "share", "bands", TABLE, STANDARD):
            found.append(self._text("cap", say("最高多少元"), _in_yuan(now.cap_fen), optional=True))
            found.append(self._text("floor", say("最低多少元"), _in_yuan(now.floor_fen), optional=True))
        if shape in ("per_unit", "share", "bands", STANDARD):
            found.append(how_question(self.typed.get("how", "ask")))
        if shape == OTHER:
            text = self.typed.get("feel", in_words(now.feel, self.pack, self.dictionary))
            why = say(
                "金额以分计。事实写它的叫法，新的后面写单位：floor(实付租金（元） * 0.5)；"
                "答是否的写 自营（是否），文件定的标准写 低保标准（1309元）"
            )
            found.append(
                Question("feel", say("式子（FEEL）"), "long", why, value=text, fault=self.faults.get("feel", ""))
            )
            found.append(how_question(self.typed.get("how", "ask")))
        return found + self._money(sheet, item) if shape != "service" else found

    def _looked_up(self, shape: str) -> list[Question]:
        """What a table or a standard asks for: what it is times, and where its bound comes from."""
        now, schema = self.now, self.pack.schema
        if shape == TABLE:
            label = say("查出来的数再乘以什么（查出来就是金额的不填）")
            tables = {name: name for name in schema.tables if name != now.table}
            bound = self._list("most-table", say("最高的数也查表"), {"": say("不查"), **tables}, now.most)
            return [*self._fact("of", label, now.of, optional=True), *([bound] if tables else [])]
        known = {f"parameters.{name}": standard_words(name, one) for name, one in schema.parameters.items()}
        which = self._list("standard", say("按哪个标准"), {"": say("选一个"), **known}, now.standard)
        made = self._text(
            "made", say("上面没有的标准"), "", say("写名称和现在的数，如 低保标准（1309元）"), optional=True
        )
        return [which, made, *self._fact("of", say("乘以什么（不乘的不填）"), now.of, optional=True)]

    def _money(self, sheet: Sheet, item: str) -> list[Question]:
        pack, now = self.pack, paying_of(sheet, item)
        known = self.dictionary.budget_lines
        here = pack.items[item].budget_line
        own = [name for name, one in known.items() if one.owner == pack.owner or name == here] or [*known]
        lines = {name: known[name].words.get(spoken()) or known[name].words["zh"] for name in own}
        held = pack.items[item]
        once = "[" + ", ".join(f"[{', '.join(key)}]" for key in held.once_per) + "]" if held.once_per else ""
        times = {value: say(words) for value, words in entries.ONCE.items()}
        times |= {once: once_said(held, self.dictionary)} if once and once not in times else {}
        means = {value: say(words) for value, words in MEANS.items()}
        source = [self._list("line", say("从哪条预算"), lines, held.budget_line)] if lines else []
        label = say("最多给多少个，先到先得（不限的不填）")
        most = [self._text("most", label, str(now.most or ""), optional=True)] if now.most is not None else []
        return [
            *source,
            self._list("means", say("给的是"), means, now.kind),
            self._list("once", say("多久一次"), times, once),
            self._list("every", say("怎么付"), {value: say(words) for value, words in PARTS.items()}, now.every),
            self._text("times", say("共几期（不填就没有期限）"), str(now.times or ""), optional=True),
            *most,
        ]

    def bands(self) -> list[tuple[Question, Question]]:
        """The bands upwards: from where, and what it gives."""
        by, of = self._type(self.now.by), self.now.of
        found = []
        for number in range(1, max(BANDS, len(self.now.rows) + 2) + 1):
            low, gives = self.now.rows[number - 1] if number <= len(self.now.rows) else ("", "")
            low = shown(low, by) if low else ""
            if gives:
                value = Decimal(gives) * 100 if of else Decimal(gives) / 100
                gives = format(value.normalize(), "f")
            label = say("从多少起（含）")
            found.append(
                (
                    self._text(f"low-{number}", label, low, optional=number > 1),
                    self._text(f"gives-{number}", say("给多少（元，或百分之几）"), gives,
                               optional=number > 1),
                )
            )  # fmt: skip
        return found

    def _type(self, feel: str) -> FactType | None:
        name, _ = fact_and_period(feel)
        return fact_of(name, self.pack, self.dictionary) if name else None
