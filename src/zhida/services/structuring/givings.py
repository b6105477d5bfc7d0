"""What the clauses of one article give: each rule of a sum with the clauses that it accounts for, and what is left.

Tried in turn: the points of a list together, a clause as a whole, its sentences one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zhida.services.structuring.amount_lists import bands_below, ladders_below
from zhida.services.structuring.amount_rules import rule_of
from zhida.services.structuring.characters import plain
from zhida.services.structuring.document import Paragraph
from zhida.services.structuring.doubts import is_doubtful, rivals
from zhida.services.structuring.facts import Facts
from zhida.services.structuring.outline import Clause
from zhida.services.structuring.sentences import beside, sentences_of
from zhida.services.structuring.structure import ClauseReading
from zhida.services.structuring.sums import AmountRule, Sums

_WITHIN = re.compile(r'within\((?P<fact>industry), (?P<codes>"[^"]+"|\[[^\]]+\])\)')


@dataclass(frozen=True)
class Given:
    """Clauses that together are one item, and the rule of its sum, None where none could be made; `said` are the words
    of the one sentence that gives it, None where the clauses do as a whole."""

    readings: tuple[ClauseReading, ...]
    rule: AmountRule | None
    said: Sums | None = None

    @property
    def name(self) -> str:
        """What names made for it end with: a8, a8_s2."""
        return self.said.name if self.said else self.readings[0].clause.anchor.replace("-", "_")

    @property
    def clause(self) -> Clause:
        """Its first clause, with only its own words."""
        clause = self.readings[0].clause
        if self.said is None:
            return clause
        paragraph = Paragraph(self.said.paragraph, self.said.text.strip())
        return replace(clause, pieces=[(paragraph, 0)], children=[], is_heading=False)


def givings_of(readings: Sequence[ClauseReading], facts: Facts, *, is_persons: bool) -> list[Given]:
    """What the benefit clauses of an article give; those of which no rule accounts for every figure stand together at
    the end, without one. `is_persons` tells that the document speaks of persons."""
    whole = {each.clause.anchor: _paragraphs(each, facts, is_persons=is_persons) for each in readings}
    found = _of_lists(readings, whole)
    taken = {anchor for each in found if each.rule for anchor in each.rule.cites}
    closed = {*taken}
    for reading in readings:
        anchor = reading.clause.anchor
        if anchor in taken or _leads(reading.clause):
            continue
        rule = _whole(whole[anchor]) if not reading.clause.children else None
        if rule is not None:
            found, closed = [*found, Given((reading,), rule)], {*closed, anchor}
    for run in _runs(readings, closed):
        told, open_ = _of_sentences(run, whole)
        found, closed = [*found, *told], {*closed, *({each.clause.anchor for each in run} - open_)}
    return _with_rest(readings, _looked_at(found, whole), closed, whole)


def _looked_at(found: Sequence[Given], whole: Mapping[str, Sequence[Sums]]) -> list[Given]:
    """The same, their rules marked where their words say something that does not stand in them."""
    words = [
        [each.said] if each.said else [one for reading in each.readings for one in whole[reading.clause.anchor]]
        for each in found
    ]
    alone = [each.rule is not None and not each.rule.rows for each in found]
    beside = rivals([said if is_alone else [] for is_alone, said in zip(alone, words, strict=True)])
    return [
        replace(each, rule=replace(each.rule, has_doubt=True))
        if each.rule and (place in beside or is_doubtful(each.rule, said))
        else each
        for place, (each, said) in enumerate(zip(found, words, strict=True))
    ]


def _of_lists(readings: Sequence[ClauseReading], whole: Mapping[str, Sequence[Sums]]) -> list[Given]:
    """The points of a list that one table tells."""
    lists = {id(each.clause.parent): each.clause.parent for each in readings if each.clause.parent}
    found = []
    for parent in lists.values():
        below = [whole[each.anchor] for each in parent.children if each.anchor in whole]
        if len(below) < len(parent.children) or any(len(each) != 1 for each in below):
            continue
        points = [each[0] for each in below]
        by_anchor = {each.clause.anchor: each for each in readings}
        codes = [code for each in parent.children for code in _codes(by_anchor[each.anchor])]
        rule = bands_below(parent, points) or ladders_below(parent, points, codes)
        if rule is not None:
            found.append(Given(tuple(each for each in readings if each.clause.anchor in rule.cites), rule))
    return found


def _codes(reading: ClauseReading) -> list[tuple[str, tuple[str, ...]]]:
    """The fact and the codes by which the condition in a clause's words tells its kind: within(industry, "51")."""
    feel = " ".join(each.feel for passage in reading.passages for each in passage.conditions)
    return [(match["fact"], tuple(re.findall(r'"([^"]+)"', match["codes"]))) for match in _WITHIN.finditer(feel)]


def _leads(clause: Clause) -> bool:
    """Whether a clause leads to a list: what its points say narrows it, or is what it gives."""
    return any(each.kind != "paragraph" for each in clause.children)


def _whole(paragraphs: Sequence[Sums]) -> AmountRule | None:
    """The rule of a clause as a whole; one of several paragraphs is nothing but one plain sum."""
    if not paragraphs:
        return None
    one = replace(
        paragraphs[0],
        text=paragraphs[0].text if len(paragraphs) == 1 else "其中",
        amounts=tuple(amount for each in paragraphs for amount in each.amounts),
        rates=tuple(rate for each in paragraphs for rate in each.rates),
        bands=tuple(band for each in paragraphs for band in each.bands),
    )
    rule = rule_of(one)
    return beside(rule, paragraphs[0]) if rule is not None and len(paragraphs) == 1 else rule


def _runs(readings: Sequence[ClauseReading], closed: set[str]) -> list[list[ClauseReading]]:
    """The clauses that no rule accounts for yet, each with the paragraphs that go on with it."""
    runs: list[list[ClauseReading]] = []
    for reading in readings:
        clause = reading.clause
        if clause.anchor in closed or _leads(clause):
            continue
        goes_on = clause.kind == "paragraph" and runs and runs[-1][0].clause in (clause.parent, *_siblings(clause))
        if goes_on:
            runs[-1].append(reading)
        else:
            runs.append([reading])
    return runs


def _siblings(clause: Clause) -> list[Clause]:
    return clause.parent.children if clause.parent else []


def _of_sentences(run: Sequence[ClauseReading], whole: Mapping[str, Sequence[Sums]]) -> tuple[list[Given], set[str]]:
    """What the sentences of clauses give, and the clauses of which a figure is in no rule."""
    said = sentences_of([each for reading in run for each in whole[reading.clause.anchor]])
    by_anchor = {each.clause.anchor: each for each in run}
    found = [
        Given(tuple(by_anchor[anchor] for anchor in each.rule.cites if anchor in by_anchor), each.rule, each.sums)
        for each in said
        if each.rule is not None
    ]
    told = {anchor for each in found if each.rule for anchor in each.rule.cites}
    return found, {each.sums.clause.anchor for each in said if each.rule is None} | ({*by_anchor} - told)


def _with_rest(
    readings: Sequence[ClauseReading], found: list[Given], closed: set[str], whole: Mapping[str, Sequence[Sums]]
) -> list[Given]:
    """What was found, and the clauses that are left; one item with nothing left but words takes those in."""
    rest = tuple(each for each in readings if each.clause.anchor not in closed)
    has_sums = any(one.amounts or one.rates for each in rest for one in whole[each.clause.anchor])
    if len(found) == 1 and rest and not has_sums and found[0].said is None:
        order = [*readings]
        return [replace(found[0], readings=tuple(sorted([*found[0].readings, *rest], key=order.index)))]
    return [*found, Given(rest, None)] if rest else found


def _paragraphs(reading: ClauseReading, facts: Facts, *, is_persons: bool) -> list[Sums]:
    """The sums of a clause's paragraphs, with the words that their places count in."""
    starts = {piece.number: start for piece, start in reading.clause.pieces}
    found = []
    for passage in reading.passages:
        number = passage.paragraph.number
        text = " " * starts[number] + plain(passage.paragraph.text)[starts[number] :]
        if text.strip():
            found.append(
                Sums(reading.clause, text, passage.amounts, passage.rates, passage.bands, facts, 0, number, is_persons)
            )
    return found
