"""What if: the numbers that answers hang on, to be changed and worked out again beside what holds now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Dictionary
from zhida.domain.rules import Answer, Assessment, FactType, FactUse, Met
from zhida.domain.values import Fact, FactKey, Facts, yuan
from zhida.kernel.catalogue.records import PublishedItem
from zhida.surfaces.look.asking import NotTaken, as_typed, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.amounts import bound_of, needed
from zhida.surfaces.look.telling.policies import title_of
from zhida.surfaces.portal.records.answers import Slider, WhatIf

PREFIX = "w."
AT_MOST = 4
STEPS = 50

Found = list[tuple[PublishedItem, Assessment]]


def wished(query: Mapping[str, str], types: Mapping[str, FactType]) -> tuple[dict[FactKey, Fact], dict[str, str]]:
    """The numbers that were changed, as facts, and what is wrong with those that could not be taken."""
    facts: dict[FactKey, Fact] = {}
    faults: dict[str, str] = {}
    for name, text in query.items():
        key = key_of(name)
        kind = types.get(key.attribute) if key else None
        if key is None or kind is None or kind.kind != "number" or not text.strip():
            continue
        try:
            facts[key] = Fact(taken(text, kind), say("假如"))
        except NotTaken as refused:
            faults[name] = refused.words
    return facts, faults


def key_of(name: str) -> FactKey | None:
    """The fact that a field of the address changes; None for a field that changes none."""
    try:
        return FactKey.parse(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
    except InvariantBroken:
        return None


def what_if(
    now: Found,
    then: Found,
    facts: Facts,
    query: Mapping[str, str],
    faults: Mapping[str, str],
    dictionary: Dictionary,
) -> WhatIf | None:
    """The sliders, and how the answer `then` differs from `now`; None where no number matters."""
    sliders = tuple(_sliders(now, facts, query, faults, dictionary))
    if not sliders:
        return None
    is_on = any(key_of(name) for name in query) and not faults
    return WhatIf(sliders, is_on, _differences(now, then) if is_on else ())


def _sliders(
    now: Found, facts: Facts, query: Mapping[str, str], faults: Mapping[str, str], dictionary: Dictionary
) -> Iterator[Slider]:
    seen: set[FactKey] = set()
    for published, use in _numbers(now):
        kind = fact_words.fact_type(dictionary, use.key.attribute, published.pack)
        if use.key in seen or kind is None or kind.kind != "number" or "." in use.key.attribute or len(seen) == AT_MOST:
            continue
        held = facts.get(use.key)
        if held is None or isinstance(held.value, bool) or not isinstance(held.value, int | Decimal):
            continue
        seen.add(use.key)
        name = f"{PREFIX}{use.key}"
        yield _slider(
            name, use, Decimal(held.value), kind, published, dictionary, query.get(name, ""), faults.get(name, "")
        )


def _numbers(now: Found) -> Iterator[tuple[PublishedItem, FactUse]]:
    """Numbers that stand in the way first, then those that amounts are made of, then the rest that has a bound."""
    refused = [(one, reason) for one, each in now for reason in each.reasons if reason.answer is Met.NOT_MET]
    yield from ((one, use) for one, reason in refused for use in reason.uses if bound_of(use.needed) is not None)
    yield from ((one, use) for one, each in now if each.answer is not Answer.NOT for use in each.amount_uses)
    held = [(one, reason) for one, each in now for reason in each.reasons if reason.answer is Met.MET]
    yield from ((one, use) for one, reason in held for use in reason.uses if bound_of(use.needed) is not None)


def _slider(
    name: str,
    use: FactUse,
    value: Decimal,
    kind: FactType,
    published: PublishedItem,
    dictionary: Dictionary,
    typed: str,
    fault: str,
) -> Slider:
    bound = bound_of(use.needed)
    most = max(value, bound or Decimal(0)) * 2 or Decimal(10)
    if kind.maximum is not None:
        most = min(most, Decimal(kind.maximum))
    need = say("{title}要{needed}", title=title_of(published.pack, published.item),
               needed=needed(use.needed, kind, dictionary)) if bound is not None else ""  # fmt: skip
    whole, top = Decimal(as_typed(value, kind)), Decimal(as_typed(most, kind))
    step = max(Decimal(10) ** (top / STEPS).adjusted(), Decimal("0.01")) if top else Decimal(1)
    if kind.scale == 0 and kind.unit != "fen":
        step = max(step, Decimal(1))
    return Slider(
        name=name,
        label=fact_words.label(dictionary, use.key, published.pack),
        unit=fact_words.unit_name(kind),
        value=typed or format(whole, "f"),
        now=fact_words.number(value, kind),
        most=format((top / step).to_integral_value() * step, "f"),
        step=format(step, "f"),
        need=need,
        fault=fault,
    )


def _differences(now: Found, then: Found) -> tuple[str, ...]:
    before, after = _sure(now), _sure(then)
    gained = [title for item, (title, _) in after.items() if item not in before]
    lost = [title for item, (title, _) in before.items() if item not in after]
    change = sum(fen for _, fen in after.values()) - sum(fen for _, fen in before.values())
    lines = []
    if gained:
        lines.append(say("多享：{names}", names=say("、").join(gained)))
    if lost:
        lines.append(say("不再可享：{names}", names=say("、").join(lost)))
    if change:
        words = "合计比现在多 {amount} 元" if change > 0 else "合计比现在少 {amount} 元"
        lines.append(say(words, amount=yuan(abs(change))))
    return tuple(lines) or (say("和现在一样，可享的事项和金额都没有变。"),)


def _sure(found: Iterable[tuple[PublishedItem, Assessment]]) -> dict[str, tuple[str, int]]:
    return {
        one.item.id: (str(title_of(one.pack, one.item)), each.amount_fen or 0)
        for one, each in found
        if each.answer is Answer.ENTITLED
    }
