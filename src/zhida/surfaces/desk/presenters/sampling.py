"""Decided cases drawn by a printed seed, each run again from what was stored, and whether it comes out the same."""

from __future__ import annotations

import difflib
import json
import secrets

from django.http import QueryDict
from django.urls import reverse

from zhida.kernel.cases.reruns import Rerun, draw, rerun
from zhida.kernel.catalogue import queries as catalogue
from zhida.surfaces.desk.audit_records import RerunLine, SamplingDesk
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Question
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.policies import in_words

FEW, MOST, LONGEST = 20, 200, 64


def sampling_desk(asked: QueryDict, officer: Officer) -> SamplingDesk:
    """The sample that an address names, run again; without a seed only the questions, a fresh seed in them."""
    seed, count = asked.get("seed", "").strip()[:LONGEST], _count(asked.get("n", ""))
    found = rerun(draw(seed, count, scope=officer.scope), scope=officer.scope) if seed else ()
    lines = tuple(_line(one) for one in found)
    same = sum(one.is_same for one in found)
    return SamplingDesk(
        _questions(seed or secrets.token_hex(4), count), seed, lines, same, _headline(seed, found, same)
    )


def _count(text: str) -> int:
    is_number = text.isascii() and text.isdigit()
    return min(int(text[:LONGEST]), MOST) or FEW if is_number else FEW


def _questions(seed: str, count: int) -> tuple[Question, ...]:
    about = say("同一个种子，谁来抽都是同样的办件")
    return (
        Question("seed", say("种子"), "text", about, value=seed),
        Question("n", say("抽几件"), "number", say("最多 {n} 件", n=MOST), value=str(count)),
    )


def _headline(seed: str, found: tuple[Rerun, ...], same: int) -> str:
    if not seed:
        return say("抽一批办结的决定，重算一遍")
    if not found:
        return say("没有可抽的决定")
    if same == len(found):
        return say("{n} 件重算，一字不差", n=len(found))
    return say("{n} 件重算，{m} 件对不上", n=len(found), m=len(found) - same)


def _line(one: Rerun) -> RerunLine:
    state, words = "yes", say("一字不差")
    if not one.is_untouched:
        state, words = "stop", say("存的与账本封存的不符")
    elif not one.is_same:
        state, words = "stop", say("重算结果不同")
    before, after = _differences(one)
    return RerunLine(
        case_id=one.case_id,
        item=_title(one),
        on=one.on,
        outcome=say(case_words.OUTCOMES[one.outcome][1]) if one.outcome in case_words.OUTCOMES else one.outcome,
        amount_fen=one.amount_fen,
        digest=one.stored,
        state=state,
        state_words=words,
        before=before,
        after=after,
        proof=reverse("desk:proof", args=[one.entry_id]) if one.entry_id else "",
    )


def _title(one: Rerun) -> Text:
    wording, name = catalogue.revision(one.revision_id).words, one.item.rpartition("/")[2]
    return in_words(wording["zh"].items[name].title, wording["en"].items[name].title if "en" in wording else "")


def _differences(one: Rerun) -> tuple[str, str]:
    """The lines of either side that the other lacks."""
    if one.before == one.after:
        return "", ""
    sides = [
        json.dumps(json.loads(side), ensure_ascii=False, indent=1).splitlines() for side in (one.before, one.after)
    ]
    told = list(difflib.ndiff(*sides))
    return "\n".join(line[2:] for line in told if line[:1] == "-"), "\n".join(
        line[2:] for line in told if line[:1] == "+"
    )
