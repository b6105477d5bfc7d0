"""Facts that people say are wrong: what waits for the offices that own them, and what they answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhida.domain.packs import Dictionary
from zhida.domain.values import FactKey
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.notices.actions import News
from zhida.kernel.registry.disputes import DisputeRecord, disputes_at
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.records import DisputeDesk, DisputeLine
from zhida.surfaces.look.asking import NotTaken, can_be_asked, question_of, taken
from zhida.surfaces.look.language import say, speaking
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.offices import office_name

OUTCOMES: Mapping[str, str] = {"upheld": "维持", "corrected": "更正", "suspended": "撤下，等数据重报"}
DONE: Mapping[str, str] = {"upheld": "已维持", "corrected": "已更正", "suspended": "已撤下"}
PER_PAGE = 50


@dataclass(frozen=True)
class Attempt:
    """An answer that was not taken: for which dispute, what was typed, what is wrong with it."""

    dispute_id: str = ""
    value: str = ""
    answer: str = ""
    outcome: str = ""
    faults: Mapping[str, str] | None = None


def dispute_desk(officer: Officer, attempt: Attempt | None = None) -> DisputeDesk:
    """The page of an officer: the oldest dispute first."""
    dictionary = catalogue.root().dictionary
    places = officer.scope.offices or frozenset(officer.offices)
    waiting = disputes_at(places, is_open=True, limit=PER_PAGE)
    return DisputeDesk(
        tuple(_line(one, dictionary, attempt or Attempt()) for one in waiting),
        tuple(_line(one, dictionary, Attempt()) for one in disputes_at(places, is_open=False, limit=PER_PAGE)),
    )


def news_of(dispute: DisputeRecord, outcome: str, answer: str) -> News:
    """What whoever may look at the subject reads in its inbox, in both languages: what was done, and why."""
    dictionary, key = catalogue.root().dictionary, FactKey.parse(dispute.fact_key)
    values: dict[str, str | tuple[str, str]] = {
        "fact": _twice(lambda: fact_words.label(dictionary, key)),
        "office": _twice(lambda: office_name(dispute.office)),
        "outcome": _twice(lambda: say(DONE[outcome])),
        "answer": answer,
    }
    return News("fact_answered", values, dispute.id, subject_id=dispute.subject_id)


def _twice(words: Callable[[], str]) -> tuple[str, str]:
    with speaking("zh-hans"):
        zh = words()
    with speaking("en"):
        return zh, words()


def _line(one: DisputeRecord, dictionary: Dictionary, attempt: Attempt) -> DisputeLine:
    key = FactKey.parse(one.fact_key)
    tried = attempt if attempt.dispute_id == one.id else Attempt()
    question = _question(one.id, key, dictionary, tried)
    outcomes = tuple((name, say(words)) for name, words in OUTCOMES.items() if question or name != "corrected")
    return DisputeLine(
        id=one.id,
        subject=one.subject_name,
        fact=fact_words.label(dictionary, key),
        held=one.held,
        claimed=one.claimed,
        reason=one.reason,
        raised_at=one.raised_at,
        office=office_name(one.office),
        outcomes=outcomes,
        question=question,
        chosen=tried.outcome or "upheld",
        typed=tried.answer,
        fault=(tried.faults or {}).get("answer", ""),
        state_words=say(DONE[one.state]) if not one.is_open else "",
        answer=one.answer,
    )


def _question(name: str, key: FactKey, dictionary: Dictionary, tried: Attempt) -> Question | None:
    kind = fact_words.fact_type(dictionary, key.attribute)
    if kind is None or kind.kind in ("relation", "texts"):
        return None
    fault = (tried.faults or {}).get("value", "")
    if not can_be_asked(kind, dictionary):
        return Question(
            f"{name}.value", say("更正为（代码）"), "text", value=tried.value, fault=fault, is_optional=True
        )
    asked = question_of(f"{name}.value", key, kind, dictionary, value=tried.value, fault=fault, is_optional=True)
    choices, shape = asked.choices, asked.kind
    if shape == "choice":
        choices, shape = (Choice("", say("请选择"), not tried.value), *choices), "select"
    return replace(asked, label=say("更正为"), kind=shape, choices=choices)


def value_of(dispute: DisputeRecord, text: str) -> Any:
    """The right value as the registry takes it. Raises NotTaken for what it cannot be."""
    dictionary = catalogue.root().dictionary
    kind = fact_words.fact_type(dictionary, FactKey.parse(dispute.fact_key).attribute)
    if kind is None:
        raise NotTaken(say("数据字典里已经没有这一项"))
    value = taken(text, kind)
    tree = dictionary.code_trees.get(kind.code_tree) if kind.code_tree else None
    if value == "" or (tree is not None and value not in tree):
        raise NotTaken(say("请从列出的里面选一个"))
    return value
