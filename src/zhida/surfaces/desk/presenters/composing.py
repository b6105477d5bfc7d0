"""Entries that are added or taken out, and what an item gives, as forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.urls import reverse

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.sentences import PERIODS, form_of, shown
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.domain.rules import FactType, parse
from zhida.domain.values import yuan
from zhida.services.authoring import checking
from zhida.services.authoring.claims import claiming_of
from zhida.services.authoring.giving import OTHER, SHAPES, Giving, giving_of, paying_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import STANDARD, Sheet, left_alone
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters import entries
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.recorded import claim_said, group_said, once_said
from zhida.surfaces.desk.presenters.saying import fact_of, known_facts, name_of
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question

KINDS = {"items": "加一个事项", "requirements": "加一个条件或材料"}
SHAPE_WORDS = {
    "service": "不给钱（服务、认定）", "fixed": "定额", "per_unit": "每人（件、月）多少", "share": "按比例",
    "bands": "分档", OTHER: "自己写式子",
}  # fmt: skip
PARTS = {"": "一次给清", "year": "按年分期", "month": "按月分期"}
MEANS = {"money": "钱", "voucher": "消费券"}
_NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
_YUAN = {"fen": "元"}
REASONS = ("不由规则执行，经办人掌握", "与别的条文重复", "只是说明或表格")
BANDS = 6
ASK, PROPOSE = "ask", "propose"
WAYS = {"": "先不写，从字典里选", ASK: "请申请人申报，由经办人核对", PROPOSE: "提给字典，由数源部门提供"}


@dataclass(frozen=True)
class NewPage:
    """The form that adds an entry; `lines` where it is a condition."""

    head: DraftHead
    kind: str
    title: str
    questions: tuple[Question, ...]
    items: tuple[Choice, ...] = ()
    lines: tuple[entries.LineFields, ...] = ()
    junctions: tuple[Choice, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    how: Question | None = None
    text: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OutForm:
    """What it takes to take an entry out: the clauses that it leaves alone, and the reasons that may be given."""

    href: str
    clauses: tuple[str, ...]
    reasons: tuple[str, ...]


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
    faults: Mapping[str, str] = field(default_factory=dict)


def how_question(chosen: str = "") -> Question:
    """What becomes of facts that the dictionary lacks."""
    choices = tuple(Choice(value, say(words), value == chosen) for value, words in WAYS.items())
    return Question("how", say("字典里没有的事实怎么来"), "select", choices=choices)


def new_page(
    draft: DraftRecord, kind: str, anchor: str, typed: Mapping[str, str], faults: Mapping[str, str]
) -> NewPage | None:
    """The form that adds an item or a requirement to a sound draft; None where there is no such form."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None or kind not in KINDS:
        return None
    anchor = typed.get("clause", anchor)
    text = next((one.text or one.heading for one in pack.clauses if one.anchor == anchor), "")
    questions = (
        Question("title", say("叫什么"), "text", value=typed.get("title", text[:24]), fault=faults.get("title", "")),
        Question("clause", say("出自哪一条"), "select", choices=_clauses(pack, anchor), fault=faults.get("clause", "")),
    )
    page = NewPage(head_of(draft, "rules"), kind, say(KINDS[kind]), questions, text=text, faults=faults)
    if kind == "items":
        return page
    asked = tuple(
        Choice(v, say(w), v == typed.get("kind", "computed")) for v, w in entries.REQUIRED.items()
    )  # fmt: skip
    return NewPage(
        page.head,
        kind,
        page.title,
        (*questions, Question("kind", say("由谁定"), "select", choices=asked)),
        items=tuple(Choice(name, item_title(pack, name), True) for name in pack.items),
        lines=entries.lines_of(None, pack, dictionary),
        junctions=tuple(
            Choice(v, say(w), v == typed.get("junction", "and"))
            for v, w in (("and", "都要符合"), ("or", "符合一条就行"))
        ),
        known=known_facts(pack, dictionary),
        how=how_question(typed.get("how", "")),
        text=text,
        faults=faults,
    )


def _clauses(pack: Pack, anchor: str) -> tuple[Choice, ...]:
    told = [(one.anchor, f"{one.number or one.anchor}　{one.text or one.heading}"[:50]) for one in pack.clauses]
    return (Choice("", say("选一条")), *(Choice(value, words, value == anchor) for value, words in told))


def item_title(pack: Pack, name: str) -> str:
    """What an item is called."""
    words = (pack.words.get(spoken()) or pack.words["zh"]).items.get(name)
    return words.title if words else name


def requirement_title(pack: Pack, name: str) -> str:
    """What a requirement is called."""
    words = (pack.words.get(spoken()) or pack.words["zh"]).requirements.get(name)
    return words.title if words else name


def asks_of(pack: Pack, item: str) -> tuple[Choice, ...]:
    """Every requirement, those that an item asks marked."""
    asked = {*pack.items[item].requires}
    return tuple(Choice(name, requirement_title(pack, name), name in asked) for name in pack.requirements)


def out_form(draft: DraftRecord, pack: Pack, kind: str, name: str) -> OutForm | None:
    """How an entry is taken out; None for what must stay: the last item; tables and amounts follow theirs."""
    if kind not in KINDS or not draft.is_open or (kind == "items" and len(pack.items) < 2):
        return None
    alone = left_alone(draft, kind, name)
    told = tuple(
        f"{one.number or one.anchor}　{one.text or one.heading}" for one in pack.clauses if one.anchor in alone
    )
    reasons = tuple(say(one) for one in REASONS)
    return OutForm(reverse("desk:take_out", args=[draft.id, kind, name]), told, reasons)


def completed(page: entries.EntryPage, draft: DraftRecord, typed: Mapping[str, str]) -> entries.EntryPage:
    """The page of an entry with what can be added to it, changed elsewhere, or taken out."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None:
        return page
    page = replace(page, out=out_form(draft, pack, page.kind, page.name))
    if page.kind == "items":
        told = said_of(giving_of(Sheet(draft), page.name), pack, dictionary)
        asks = asks_of(pack, page.name)
        claims = claim_said(claiming_of(Sheet(draft), page.name), dictionary)
        apart = group_said(reading.root.groups.get(pack.items[page.name].group))
        also = (
            (say("一笔给什么、多久一次"), claims, reverse("desk:claiming", args=[draft.id, page.name])),
            (say("和别的怎么叠加"), apart, reverse("desk:stacking", args=[draft.id, page.name])),
        )
        giving = (told, reverse("desk:giving", args=[draft.id, page.name]))
        page = replace(page, asks=asks, giving=giving, also=also)
    return replace(page, how=how_question(typed.get("how", ""))) if page.lines else page


def paper_of(page: entries.EntryPage) -> str:
    """What a requirement that a paper proves is called, so that the facts like it are shown; "" for any other."""
    kinds = [one for field in page.fields if field.question.name == "kind" for one in field.question.choices]
    return page.title if any(one.is_chosen and one.value == "evidenced" for one in kinds) else ""


def said_of(giving: Giving, pack: Pack, dictionary: Dictionary) -> str:
    """What an item gives, in a sentence."""
    cap = say("，最高 {sum} 元", sum=yuan(giving.cap_fen)) if giving.cap_fen else ""
    floor = say("，不低于 {sum} 元", sum=yuan(giving.floor_fen)) if giving.floor_fen else ""
    of, by = _named(giving.of, pack, dictionary), _named(giving.by, pack, dictionary)
    each = say("，每档给{of}的百分之几", of=of) if of else ""
    told = {
        "service": lambda: say("不给钱"),
        "fixed": lambda: say("{sum} 元", sum=yuan(giving.fen)),
        "per_unit": lambda: say("{sum} 元 × {what}", sum=yuan(giving.fen), what=of),
        "share": lambda: say("{what} 的 {rate} %", what=of, rate=format((giving.rate * 100).normalize(), "f")),
        "bands": lambda: say("按{by}分 {n} 档", by=by, n=len(giving.rows)) + each,
    }.get(giving.shape, lambda: in_words(giving.feel, pack, dictionary))()
    return f"{told}{cap}{floor}"


def in_words(feel: str, pack: Pack, dictionary: Dictionary) -> str:
    """An expression with its facts called as people call them; those that share their words keep their names."""
    known = known_facts(pack, dictionary)
    times = Counter(words for _, words in known)
    called = {name: words for name, words in known if times[words] == 1}
    for name, series in pack.schema.parameters.items():
        if name.startswith(STANDARD) and len(series.rows) == 1:
            unit = FactType(name, "number", unit=series.unit)
            words = series.rows[0].source.partition("，")[0]
            called[f"parameters.{name}"] = (
                f"{words}（{shown(str(series.rows[0].value), unit)}{_YUAN.get(series.unit, '')}）"
            )
    return _NAMES.sub(lambda found: called.get(found.group(0), found.group(0)), feel)


def _named(feel: str, pack: Pack, dictionary: Dictionary) -> str:
    """An expression of one fact as people call it, with its period; any other as it is."""
    name, period = _fact_and_period(feel)
    if not name:
        return feel
    return f"{period_words(period, spoken()) if period else ''}{name_of(name, pack, dictionary)}"


def _fact_and_period(feel: str) -> tuple[str, str]:
    try:
        form = form_of(parse(f"{feel} >= 0")) if feel else None
    except AuthorError:
        form = None
    return (form.lines[0].fact, form.lines[0].period) if form else ("", "")


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
    asked = _Asked(now, pack, dictionary, typed, faults)
    return GivingPage(
        head_of(draft, "rules"), item, say("给多少：{title}", title=item_title(pack, item)),
        said_of(now, pack, dictionary),
        shape, tuple((f"{here}?shape={one}", say(SHAPE_WORDS[one]), one == shape) for one in SHAPES),
        tuple(asked.questions(shape, Sheet(draft), item)), tuple(asked.bands()) if shape == "bands" else (),
        known_facts(pack, dictionary), entries.entry_href(draft, "items", item),
        entries.cited(pack, tuple(pack.items[item].cites), draft), faults,
    )  # fmt: skip


def _in_yuan(fen: int) -> str:
    """A sum as people type it; "" for none."""
    return format((Decimal(fen) / 100).normalize(), "f") if fen else ""


class _Asked:
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

    def _fact(self, name: str, label: str, feel: str) -> list[Question]:
        fact, period = _fact_and_period(feel)
        words = name_of(fact, self.pack, self.dictionary) if fact else ""
        periods = {one: period_words(one, spoken()) or say("不分期") for one in PERIODS}
        is_optional = name == "of" and self.typed.get("shape") == "bands"
        return [
            self._text(name, label, words, optional=is_optional),
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
            found += self._fact("of", say("各档是什么的百分之几（给定额的不填）"), now.of)
        if shape in ("per_unit", "share", "bands"):
            found.append(self._text("cap", say("最高多少元"), _in_yuan(now.cap_fen), optional=True))
            found.append(self._text("floor", say("最低多少元"), _in_yuan(now.floor_fen), optional=True))
            how = how_question(self.typed.get("how", "ask"))
            found.append(how)
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

    def _money(self, sheet: Sheet, item: str) -> list[Question]:
        pack, now = self.pack, paying_of(sheet, item)
        known = self.dictionary.budget_lines
        own = [name for name, one in known.items() if one.owner == pack.owner] or [*known]
        lines = {name: known[name].words.get(spoken()) or known[name].words["zh"] for name in own}
        held = pack.items[item]
        once = "[" + ", ".join(f"[{', '.join(key)}]" for key in held.once_per) + "]" if held.once_per else ""
        times = {value: say(words) for value, words in entries.ONCE.items()}
        times |= {once: once_said(held, self.dictionary)} if once and once not in times else {}
        means = {value: say(words) for value, words in MEANS.items()}
        source = [self._list("line", say("从哪条预算"), lines, held.budget_line)] if lines else []
        return [
            *source,
            self._list("means", say("给的是"), means, now.kind),
            self._list("once", say("多久一次"), times, once),
            self._list("every", say("怎么付"), {value: say(words) for value, words in PARTS.items()}, now.every),
            self._text("times", say("共几期（不填就没有期限）"), str(now.times or ""), optional=True),
            self._text("most", say("最多给多少个，先到先得（不限的不填）"), str(now.most or ""), optional=True),
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
        name, _ = _fact_and_period(feel)
        return fact_of(name, self.pack, self.dictionary) if name else None
