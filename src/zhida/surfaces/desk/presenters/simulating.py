"""The form of a simulation: an item, what of it can be changed, two scenarios beside the version in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from zhida.domain.packs import Pack
from zhida.domain.values import local_date, new_id, yuan
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.services.simulation import keeping
from zhida.services.simulation.forming import ORDERS, Lever, levers
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.policies import in_words

SCENARIOS = ("a", "b")
TITLES = {"a": "方案甲", "b": "方案乙"}
ORDER_WORDS = {"": "不变", "none": "不限额", "first_come": "先到先得", "pro_rata": "按比例分"}


@dataclass(frozen=True)
class KeptLine:
    """One run in the list."""

    id: str
    title: str
    made_at: datetime
    worlds: int


@dataclass(frozen=True)
class ScenarioForm:
    """The questions of one scenario."""

    name: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class SimulatingPage:
    """The page: the item to choose, then its questions, then what was simulated before."""

    token: str
    items: Question
    chosen: Text | None
    general: tuple[Question, ...]
    scenarios: tuple[ScenarioForm, ...]
    kept: tuple[KeptLine, ...]


def places_of(officer: Officer) -> Collection[str] | None:
    """The offices whose runs an officer sees; None for an operator, who sees all."""
    return None if officer.role == "operator" else officer.scope.offices or frozenset(officer.offices)


def items_of(officer: Officer, as_of: datetime) -> dict[str, Text]:
    """The items that an officer may simulate, by id, with their titles."""
    places = places_of(officer)
    cards = catalogue.item_cards(as_of=as_of)
    mine = [card for card in cards if places is None or card.owner_office in places]
    return {card.item_id: in_words(card.title_zh, card.title_en) for card in mine}


def simulating_page(
    officer: Officer, as_of: datetime, item_id: str, answers: Mapping[str, str], faults: Mapping[str, str]
) -> SimulatingPage:
    """The page for an item ("" for none yet), with what was typed and what was wrong with it."""
    titles = items_of(officer, as_of)
    choices = (Choice("", say("选一个事项")), *(Choice(one, str(title)) for one, title in titles.items()))
    marked = tuple(Choice(one.value, one.label, one.value == item_id) for one in choices)
    published = catalogue.item(item_id, as_of=as_of) if item_id in titles else None
    return SimulatingPage(
        token=new_id("sim"),
        items=Question("item", say("事项"), "select", choices=marked),
        chosen=titles.get(item_id),
        general=_general(answers, faults) if published else (),
        scenarios=tuple(_scenario(name, published, as_of, answers, faults) for name in SCENARIOS) if published else (),
        kept=tuple(_line(one, titles) for one in keeping.newest(places_of(officer))),
    )


def _general(answers: Mapping[str, str], faults: Mapping[str, str]) -> tuple[Question, ...]:
    asked = (
        ("on", "date", say("哪一天的数据和版本"), say("不填就是现在。")),
        ("take_up", "text", say("参与率"), say("1 是都来申请；0.4,0.6,0.8 是最低、可能、最高。")),
        ("assume", "long", say("假设"), say("每行一个“事实=值”：表单才问、系统里没有的。")),
    )
    return tuple(
        _question(name, kind, label, answers, faults, why=why, is_optional=True) for name, kind, label, why in asked
    )


def _scenario(
    name: str,
    published: PublishedItem | None,
    as_of: datetime,
    answers: Mapping[str, str],
    faults: Mapping[str, str],
) -> ScenarioForm:
    offered = offered_by(published, as_of) if published else {}
    titles = {path: _named(path, published.pack) for path in offered} if published else {}
    orders = tuple(
        Choice(value, say(ORDER_WORDS[value]), answers.get(f"{name}:order", "") == value) for value in ORDERS
    )
    questions = [
        _question(
            f"{name}:{path}",
            "long" if one.is_expression else "text",
            titles[path],
            answers,
            faults,
            one.now,
            why=_in_yuan(one),
        )
        for path, one in offered.items()
    ]
    questions += [
        Question(f"{name}:order", say("限额怎么分"), "select", choices=orders),
        _question(f"{name}:total_yuan", "text", say("限额，元"), answers, faults, is_optional=True),
        _question(f"{name}:take_up", "text", say("参与率"), answers, faults, is_optional=True),
    ]
    return ScenarioForm(name, say(TITLES[name]), tuple(questions))


def _in_yuan(one: Lever) -> str:
    """What a sum in fen is in yuan, for whoever reads it; "" for anything else."""
    is_sum = one.path.endswith("_fen") and not one.is_expression and one.now.isdecimal()
    return say("单位是分；现在是 {value} 元", value=yuan(int(one.now))) if is_sum else ""


def offered_by(published: PublishedItem, as_of: datetime) -> dict[str, Lever]:
    """What the form can change, by its path."""
    return {one.path: one for one in levers(published.pack, published.item, local_date(as_of))}


def _named(path: str, pack: Pack) -> str:
    """What a lever is called: a condition as the pack's words have it."""
    kind, _, rest = path.partition("/")
    name = rest.split("/")[-2] if kind == "rules" else rest
    wording = pack.words.get(spoken()) or pack.words.get("zh")
    if wording is not None and name in wording.requirements:
        name = wording.requirements[name].title
    words = {"parameters": "参数 {name}", "rules/requirements": "条件 {name}", "rules/amounts": "金额 {name}"}
    return say(words["/".join(path.split("/")[:-2]) if kind == "rules" else kind], name=name)


def _question(
    name: str,
    kind: str,
    label: str,
    answers: Mapping[str, str],
    faults: Mapping[str, str],
    now: str = "",
    *,
    why: str = "",
    is_optional: bool = False,
) -> Question:
    return Question(
        name,
        label,
        kind,
        why=why,
        value=answers.get(name, now),
        fault=faults.get(name, ""),
        is_optional=is_optional,
    )


def _line(one: keeping.Kept, titles: Mapping[str, Text]) -> KeptLine:
    names = [str(titles.get(item, item)) for item in one.items]
    return KeptLine(one.id, say("、").join(names[:3]), one.ran_at, len(one.outcome.worlds))
