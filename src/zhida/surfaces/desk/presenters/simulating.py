"""The form of a simulation: an item, what of it can be changed, two scenarios beside the version in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.packs import Pack
from zhida.domain.scenarios.plans import MOST_FEN
from zhida.domain.values import FactKey, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.services.simulation import keeping
from zhida.services.simulation.forming import ORDERS, Lever, levers
from zhida.surfaces.desk.acts import AMOUNT
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.planning import PlanForm, fen_typed, number_typed, plan_form, years_questions
from zhida.surfaces.desk.presenters.simulated import titles_of
from zhida.surfaces.look.asking import NotTaken, as_typed, can_be_asked, question_of, taken
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.policies import in_words

SCENARIOS = ("a", "b")
_MOST, _DECIMALS = 10**12, 10
ASSUMED = "assume:"
TITLES = {"a": "方案甲", "b": "方案乙"}
RULES, NOW = "rules", "now"
RULES_WORDS = {"": "那一天的规则", NOW: "现在的规则（回看）"}
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
    plan: PlanForm


@dataclass(frozen=True)
class SimulatingPage:
    """The page: the item to choose, then its questions, then what was simulated before."""

    token: str
    items: Question
    chosen: Text | None
    general: tuple[Question, ...]
    ahead: tuple[Question, ...]
    plan: PlanForm | None
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
    first = _first_year(answers.get("on", ""), as_of)
    return SimulatingPage(
        token=new_id("sim"),
        items=Question("item", say("事项"), "select", choices=marked),
        chosen=titles.get(item_id),
        general=_general(published, answers, faults) if published else (),
        ahead=years_questions(answers, faults) if published else (),
        plan=plan_form(published, "", first, answers, faults) if published else None,
        scenarios=tuple(_scenario(name, published, first, as_of, answers, faults) for name in SCENARIOS)
        if published
        else (),
        kept=tuple(_line(one) for one in keeping.newest(places_of(officer))),
    )


def _first_year(on: str, as_of: datetime) -> int:
    try:
        return date.fromisoformat(on.strip()).year
    except ValueError:
        return local_date(as_of).year


def _general(published: PublishedItem, answers: Mapping[str, str], faults: Mapping[str, str]) -> tuple[Question, ...]:
    asked = (
        ("on", "date", say("哪一天的数据和版本"), say("不填就是现在。")),
        ("take_up", "text", say("参与率"), say("1 是都来申请；0.4,0.6,0.8 是最低、可能、最高。")),
    )
    found = [
        _question(name, kind, label, answers, faults, why=why, is_optional=True) for name, kind, label, why in asked
    ]
    versions = tuple(Choice(value, say(words), answers.get(RULES, "") == value) for value, words in RULES_WORDS.items())
    why = say("回看去年，就填去年的一天，选现在的规则；政策那时还没发布也可以。")
    found.insert(1, Question(RULES, say("用哪时的规则"), "select", why=why, choices=versions))
    why = say("表单才问，现在谁的都不知道；填了，就假设大家都是这样。")
    for name in _assumable(published):
        field, fact = f"{ASSUMED}{name}", published.pack.schema.facts[name]
        one = question_of(
            field, FactKey(name), fact, catalogue.root(published.revision_id).dictionary, pack=published.pack,
            value=answers.get(field, ""), why=why, fault=faults.get(field, ""), is_optional=True,
        )  # fmt: skip
        found.append(one)
    return tuple(found)


def _assumable(published: PublishedItem) -> tuple[str, ...]:
    """The facts that only the form asks and the item reads, as far as one field can hold them."""
    pack, dictionary = published.pack, catalogue.root(published.revision_id).dictionary
    asked = (name for name in pack.form.questions if name in published.item.reads)
    return tuple(name for name in asked if can_be_asked(pack.schema.facts.get(name), dictionary))


def assumed(published: PublishedItem, answers: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    """What is assumed of everybody, by fact, written as a scenario wants it: money in fen, shares of one."""
    found = {}
    for name in _assumable(published):
        text = answers.get(f"{ASSUMED}{name}", "").strip()
        try:
            value = taken(text, published.pack.schema.facts[name]) if text else None
        except NotTaken as problem:
            faults[f"{ASSUMED}{name}"] = problem.words
            continue
        if value is not None:
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def in_fen(
    scenario: str, own: Mapping[str, str], offered: Mapping[str, Lever], faults: dict[str, str]
) -> dict[str, str]:
    """A scenario's answers as files want them: sums, which people write in yuan, in fen, and numbers in plain figures;
    what is no number is told in `faults`, beside its field."""
    found = dict(own)
    for path, lever in offered.items():
        text = own.get(path, "").strip()
        if lever.is_expression or not text:
            continue
        try:
            is_sum = lever.unit == AMOUNT.unit
            found[path] = str(fen_typed(text)) if is_sum else f"{number_typed(text, _MOST, _DECIMALS):f}"
        except NotTaken as problem:
            faults[f"{scenario}:{path}"] = problem.words
    return found


def quota_typed(scenario: str, own: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    """A scenario's limit as files want it, in whole yuan; one without its sum, or a sum that nobody shares out, is told
    beside its field."""
    order, text = own.get("order", ""), own.get("total_yuan", "").strip()
    if order not in ORDERS[2:]:
        if text:
            faults[f"{scenario}:order"] = say("写了限额，要选怎么分")
        return {}
    if not text:
        faults[f"{scenario}:total_yuan"] = say("选了怎么分，要写限额")
        return {}
    try:
        return {"total_yuan": str(number_typed(text, MOST_FEN // 100))}
    except NotTaken as problem:
        faults[f"{scenario}:total_yuan"] = problem.words
        return {}


def _scenario(
    name: str,
    published: PublishedItem,
    first: int,
    as_of: datetime,
    answers: Mapping[str, str],
    faults: Mapping[str, str],
) -> ScenarioForm:
    offered = offered_by(published, as_of)
    titles = {path: _named(one, published.pack) for path, one in offered.items()}
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
            as_typed(int(one.now), AMOUNT) if one.unit == AMOUNT.unit else one.now,
            why=say("照规则的写法，金额以分计") if one.is_expression else "",
        )
        for path, one in offered.items()
    ]
    questions += [
        Question(f"{name}:order", say("限额怎么分"), "select", choices=orders, fault=faults.get(f"{name}:order", "")),
        _question(f"{name}:total_yuan", "text", say("限额，元"), answers, faults, is_optional=True),
        _question(f"{name}:take_up", "text", say("参与率"), answers, faults, is_optional=True),
    ]
    plan = plan_form(published, f"{name}:", first, answers, faults)
    return ScenarioForm(name, say(TITLES[name]), tuple(questions), plan)


def offered_by(published: PublishedItem, as_of: datetime) -> dict[str, Lever]:
    """What the form can change, by its path."""
    return {one.path: one for one in levers(published.pack, published.item, local_date(as_of))}


def _named(one: Lever, pack: Pack) -> str:
    """What a lever is called: a condition as the pack's words have it, a number by where it is written."""
    kind, _, rest = one.path.partition("/")
    name = rest.split("/")[-2] if kind == "rules" else rest
    if kind == "parameters":
        where = one.source or name
        return say("{where}的金额，元", where=where) if one.unit == AMOUNT.unit else say("{where}的数", where=where)
    if one.path.startswith("rules/amounts") and len(pack.schema.amounts) == 1:
        return say("金额怎么算")
    wording = pack.words.get(spoken()) or pack.words.get("zh")
    if wording is not None and name in wording.requirements:
        name = wording.requirements[name].title
    words = {"rules/requirements": "条件 {name}", "rules/amounts": "金额 {name}"}
    return say(words["/".join(one.path.split("/")[:-2])], name=name)


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


def _line(one: keeping.Kept) -> KeptLine:
    return KeptLine(one.id, say("、").join([*titles_of(one).values()][:3]), one.ran_at, len(one.outcome.worlds))
