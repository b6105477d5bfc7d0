"""How an item goes together with others, as a form: the groups of which only the highest or the first is paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from zhida.domain.packs.groups import Group
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.services.authoring.stacking import Grouping, group_of, path_of
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters import entries
from zhida.surfaces.desk.presenters.composing import item_title
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.recorded import GROUP_PERS, GROUP_RULES, group_said
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.policies import in_words

ADDED = "+"


@dataclass(frozen=True)
class GroupLine:
    """A group with the published items that are its members."""

    words: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class StackingPage:
    """How an item goes together with others: the groups to choose from, and the fields of one of the draft's own."""

    head: DraftHead
    item: str
    title: str
    said: str
    group: Question
    heading: str
    questions: tuple[Question, ...]
    groups: tuple[GroupLine, ...]
    back: str
    clauses: tuple[tuple[str, str, str], ...]
    faults: Mapping[str, str] = field(default_factory=dict)


def stacking_page(
    draft: DraftRecord, item: str, typed: Mapping[str, str], faults: Mapping[str, str], as_of: datetime
) -> StackingPage | None:
    """How an item of a sound draft goes together with others; None where there is no such item."""
    reading = checking.read(draft)
    pack = reading.pack
    if pack is None or item not in pack.items:
        return None
    sheet, known = Sheet(draft), reading.root.groups
    now = group_of(sheet, item)
    chosen = typed.get("group", now)
    is_own = may_change(sheet, now)
    told = {"": group_said(None), **{name: group_said(one) for name, one in known.items()}}
    told[ADDED] = say("另立一组，写在下面")
    choices = tuple(Choice(value, words, value == chosen) for value, words in told.items())
    return StackingPage(
        head_of(draft, "rules"), item, say("和别的怎么叠加：{title}", title=item_title(pack, item)),
        group_said(known.get(now)),
        Question("group", say("和哪些事项算一组"), "choice", choices=choices, fault=faults.get("group", "")),
        say("这一组") if is_own else say("另立的一组"),
        tuple(_questions(known[now] if is_own else None, typed, faults)),
        tuple(_lines(known, as_of)), entries.entry_href(draft, "items", item),
        entries.cited(pack, tuple(pack.items[item].cites), draft), faults,
    )  # fmt: skip


def may_change(sheet: Sheet, name: str) -> bool:
    """Whether a group is the draft's own: none that packs share already."""
    return path_of(name) in sheet.files and name not in catalogue.root().groups


def grouping_of(group: Group) -> Grouping:
    """A group as its form says it."""
    return Grouping(
        group.words["zh"], group.rule, group.per, group.source, group.cap_fen or 0, group.words.get("en", "")
    )


def _questions(group: Group | None, typed: Mapping[str, str], faults: Mapping[str, str]) -> Iterator[Question]:
    now = grouping_of(group) if group else Grouping("")
    cap = format((Decimal(now.cap_fen) / 100).normalize(), "f") if now.cap_fen else ""
    rules, pers = typed.get("rule", now.rule), typed.get("per", now.per)
    yield Question(
        "words", say("这一组叫什么"), "text", value=typed.get("words", now.words), fault=faults.get("words", "")
    )
    yield Question(
        "english", say("英文叫什么"), "text", value=typed.get("english", now.english), is_optional=True
    )  # fmt: skip
    told = tuple(Choice(value, say(words), value == rules) for value, words in GROUP_RULES.items())
    yield Question("rule", say("组里的几项怎么给"), "select", choices=told, fault=faults.get("rule", ""))
    told = tuple(Choice(value, say(words), value == pers) for value, words in GROUP_PERS.items())
    yield Question("per", say("在多长时间里算"), "select", choices=told, fault=faults.get("per", ""))
    yield Question(
        "cap", say("上限多少元"), "text", say("只有“加起来不超过上限”才填"), value=typed.get("cap", cap),
        fault=faults.get("cap", ""), is_optional=True,
    )  # fmt: skip
    yield Question(
        "source", say("哪里这样规定"), "text", say("如：本办法第四条"), value=typed.get("source", now.source),
        fault=faults.get("source", ""),
    )  # fmt: skip


def _lines(known: Mapping[str, Group], as_of: datetime) -> Iterator[GroupLine]:
    """Each group with the items in force that are in it."""
    cards = [one for one in catalogue.item_cards(as_of=as_of) if one.group] if known else []
    for name, group in known.items():
        members = tuple(str(in_words(one.title_zh, one.title_en)) for one in cards if one.group == name)
        yield GroupLine(group_said(group), members)
