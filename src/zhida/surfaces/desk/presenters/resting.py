"""What a simulation rests on, in sentences: what was taken for granted, left out, too old, and really granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from zhida.domain.packs import Pack
from zhida.domain.rules import FactType
from zhida.domain.values import FactKey, yuan
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.simulation.keeping import Kept
from zhida.services.simulation.outcome import HIDDEN, Granted, Outcome
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling import facts as fact_words


def count(value: int, outcome: Outcome) -> str:
    """A count, or that it is below the bound."""
    return say("不足 {n}", n=outcome.bound) if value == HIDDEN else f"{value:,}"


def money(fen: int) -> str:
    """A sum in yuan, or nothing where it would give somebody away."""
    return "—" if fen == HIDDEN else yuan(fen)


def notes_of(kept: Kept, titles: Mapping[str, str]) -> Iterator[str]:
    """What a run takes for granted, leaves out or stands beside, a sentence each; `titles` are its items'."""
    inputs = kept.inputs
    yield say("人数不足 {n} 的格合并到“其余”；不足的数不显示。", n=kept.outcome.bound)
    if inputs["budget_fen"] is not None:
        yield say("预算 {money} 元。", money=yuan(inputs["budget_fen"]))
    if kept.outcome.assumed:
        names = _judged(kept)
        many = len(kept.outcome.assumed)
        told = say("由人判断的条件一律算作符合：{names}。", names=say("、").join(names))
        yield told if names else say("由人判断的条件一律算作符合，共 {n} 条。", n=many)
    open_items = {one.item for world in kept.outcome.worlds for one in world.offers}
    shut = [titles.get(item, item) for item in kept.items if item not in open_items]
    if shut:
        yield say("{year} 年不开放申请，没有算：{names}。", year=kept.outcome.year, names=say("、").join(shut))
    missing = sum(max(0, one.unknown_amount) for one in kept.outcome.worlds[0].offers)
    if missing:
        told = "{n} 户符合条件，金额还算不出来（缺只有表单才问的，或还没有的数据），没有计入；可以在设定里假设。"
        yield say(told, n=f"{missing:,}")
    stale = inputs.get("words", {}).get("stale", [])
    if stale:
        dictionary = catalogue.root().dictionary
        names = say("、").join(fact_words.label(dictionary, FactKey(name)) for name in stale)
        yield say("数据太旧、当作不知道的：{names}。靠它的对象只算“可能符合”。", names=names)
    yield from _looking_back(kept, titles)
    yield from (_granted(one, kept.outcome, titles) for one in kept.outcome.granted)
    for name, value in inputs.get("assume", {}).items():
        label, written = _assumed(name, str(value), kept)
        yield say("假设 {name} 是 {value}。", name=label, value=written)


def _looking_back(kept: Kept, titles: Mapping[str, str]) -> Iterator[str]:
    """Of a back-test: which data stand for those of the day, what they do not hold, and where nothing was granted."""
    back, day, year = kept.inputs.get("back"), kept.inputs["day"], kept.outcome.year
    if back is None:
        return
    dictionary = catalogue.root().dictionary
    if back["made_on"] > day:
        told = "那一天还没有全体对象的数据，用 {made} 的：按年、按月和有起止日期的取当时的，年龄、年限算到那一天。"
        yield say(told, made=back["made_on"])
        told = "对象是 {made} 登记的：后来才有的也在内，已经注销的不在。"
        yield say(told, made=back["made_on"])
    if back["undated"]:
        names = say("、").join(fact_words.label(dictionary, FactKey(name)) for name in back["undated"])
        yield say("不分年份、只有 {made} 数据的：{names}；当时可能不同。", made=back["made_on"], names=names)
    if back["missing"]:
        keys = map(FactKey.parse, back["missing"])
        names = say("、").join(fact_words.label(dictionary, key) for key in keys)
        yield say("当时的数据里没有：{names}。靠它的对象只算“可能符合”。", names=names)
    paid = {one.item for one in kept.outcome.granted}
    for item in (one for one in kept.items if one not in paid):
        words = "{item}到 {year} 年底还没有发布，没有实际发放可比。"
        words = words if item in back["unpublished"] else "{item} {year} 年没有实际发放。"
        yield say(words, item=titles.get(item, item), year=year)


def _granted(one: Granted, outcome: Outcome, titles: Mapping[str, str]) -> str:
    """What was really granted in the year, and which share of those entitled that is: the take-up to believe."""
    told = say(
        "{year} 年实际发放：{item}，{n} 户，{money} 元。",
        year=outcome.year, item=titles.get(one.item, one.item), n=count(one.subjects, outcome), money=money(one.fen),
    )  # fmt: skip
    entitled = next((each.entitled for each in outcome.worlds[0].offers if each.item == one.item), 0)
    if one.subjects == HIDDEN or entitled <= 0:
        return told
    share = f"{Decimal(one.subjects) / entitled * 100:.1f}"
    return say("{told}是现行版本符合条件的 {share}%。", told=told, share=share)


def _judged(kept: Kept) -> list[str]:
    """What the requirements that count as met are called: as kept with the run, or as their policy in force says; none
    where neither tells all of them."""
    told = kept.inputs.get("words", {}).get("assumed", {})
    if told:
        return [*(told.get(spoken()) or told.get("zh", []))]
    titles: dict[str, str] = {}
    for pack in _packs(kept):
        words = pack.words.get(spoken()) or pack.words["zh"]
        titles |= {name: one.title for name, one in words.requirements.items()}
    names = kept.outcome.assumed
    return [*dict.fromkeys(titles[name] for name in names)] if titles.keys() >= {*names} else []


def _packs(kept: Kept) -> list[Pack]:
    cards = {one.item_id for one in catalogue.item_cards(as_of=kept.ran_at)}
    return [catalogue.item(item, as_of=kept.ran_at).pack for item in kept.items if item in cards]


def _assumed(name: str, value: str, kept: Kept) -> tuple[str, str]:
    """What an assumed fact is called and how its value is written: as the dictionary or a form has it, that of a policy
    which is not in force as it was kept with the run."""
    dictionary = catalogue.root().dictionary
    pack = next((one for one in _packs(kept) if name in one.form.questions), None)
    kind = fact_words.fact_type(dictionary, name, pack)
    asked = kept.inputs.get("words", {}).get("questions", {}).get(name)
    label = fact_words.label(dictionary, FactKey(name), pack)
    if asked and kind is None:
        labels = asked["labels"]
        label = labels.get(spoken()) or labels.get("zh", name)
        kind = FactType(name, asked["kind"], unit=asked["unit"], scale=asked["scale"])
    if kind is None:
        return name, value
    typed = Decimal(value) if kind.kind == "number" else value == "true" if kind.kind == "boolean" else value
    return label, fact_words.written(typed, kind, dictionary, fact_words.choices_of(name, dictionary, pack))
