"""What people and officers do in the demonstration: claim, hand in, review, publicise, decide."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from zhida.domain.errors import ZhidaError
from zhida.domain.packs import Item, Pack
from zhida.domain.process import Finding, Outcome, Select, State
from zhida.domain.rules import Answer, Assessment, FactType
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases import queries as case_queries
from zhida.kernel.cases.actions import Decision, Found, Review
from zhida.kernel.cases.actions.claiming import Claimant
from zhida.kernel.cases.records import CaseRecord, StepRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.records import Result
from zhida.services.demonstration.cast import Cast

ALL = Scope.system("demonstration")
_FAVOURABLE, _RETURNED, _FRESH = 0.93, 0.05, 6
_TOGETHER = 50
_PAPER = b"%PDF-1.4\n% a page of the demonstration\n%%EOF\n"


class Luck(NamedTuple):
    """How a case fares at a step: whether its papers can be read, and whether they convince."""

    is_clear: bool
    is_favourable: bool


class Opened(NamedTuple):
    """What the one who opens a case knows of it without reading it."""

    id: str
    item: str
    revision_id: str
    subject_id: str
    record: str


AnyCase = CaseRecord | Opened
Waiting = tuple[CaseRecord, StepRecord | None]


@dataclass
class Claims:
    """Lets the people of the demonstration act. What chance decides hangs on the seed and on whom it is about alone,

    so that the same seed ends in the same state, whatever ids cases get and wherever a run was cut off.
    """

    cast: Cast
    seed: int

    def confirm(self, item: Item, results: Sequence[Result], *, by: Actor, as_of: datetime) -> tuple[str, ...]:
        """Opens automatic claims; most are confirmed by a tap, a few are taken back, a few are left lying."""
        claimants = [Claimant(result.subject_id, result.region) for result in results]
        opened = cases.open_automatic(item_id=item.id, claimants=claimants, by=by, as_of=as_of)
        drafts = case_queries.cases(scope=ALL, states=[State.DRAFT], item=item.id, limit=10_000)
        for case in drafts:
            luck = self._chance(case, "confirm").random()
            if luck < 0.04:
                continue
            self._submit(case, as_of, waives_undo=False)
            if luck > 0.98:
                cases.withdraw(case_id=case.id, reason="点错了", by=_self_of(case), as_of=as_of)
        return opened

    def apply(
        self, published: PublishedItem, results: Sequence[Result], *, waives_undo: bool, as_of: datetime
    ) -> tuple[str, ...]:
        """Cases that people open: prefilled, with answers, papers and undertakings where the form asks for them."""
        return tuple(
            case_id
            for result in results
            for case_id in self._apply(published, result.subject_id, as_of, waives_undo=waives_undo)
        )

    def _apply(self, published: PublishedItem, subject_id: str, as_of: datetime, *, waives_undo: bool) -> list[str]:
        item, pack = published.item, published.pack
        opened = []
        for record in self._records(item, subject_id, as_of):
            case = Opened(new_id("case"), item.id, published.revision_id, subject_id, record)
            by = _self_of(case)
            cases.open_case(case_id=case.id, item_id=item.id, subject_id=subject_id, record=record, by=by, as_of=as_of)
            self._fill(pack, item, case.id, self._chance(case, "answers"), by, as_of)
            self._submit(case, as_of, waives_undo=waives_undo)
            opened.append(case.id)
        return opened

    def _records(self, item: Item, subject_id: str, as_of: datetime) -> tuple[str, ...]:
        if not item.for_each:
            return ("",)
        return case_queries.records_to_claim(item.id, subject_id, scope=ALL, as_of=as_of)

    def _fill(self, pack: Pack, item: Item, case_id: str, chance: random.Random, by: Actor, as_of: datetime) -> None:
        answers = {
            name: _answer(question.fact, chance)
            for name, question in pack.form.questions.items()
            if not question.optional
        }
        if answers:
            cases.answer(case_id=case_id, answers=answers, by=by, as_of=as_of)
        for name, paper in pack.form.papers.items():
            if name in item.requires:
                cases.attach(
                    case_id=case_id,
                    evidence_id=new_id("evidence"),
                    requirement=name,
                    name=f"{name}.{paper.formats[0]}",
                    media_type="application/octet-stream",
                    body=_PAPER,
                    by=by,
                    as_of=as_of,
                )

    def _submit(self, case: AnyCase, as_of: datetime, *, waives_undo: bool) -> None:
        promised = _asked(case, "undertaken")
        by = _self_of(case)
        cases.submit(case_id=case.id, undertakings=promised, waives_undo=waives_undo, by=by, as_of=as_of)

    def work(self, *, as_of: datetime) -> int:
        """Officers and applicants do what waits for them today; gives how many acts that took."""
        acts = self._correct(as_of)
        selecting, returned = set(), set()
        waiting: dict[tuple[str, bool], list[Waiting]] = defaultdict(list)
        for case, step in case_queries.worklist(office="", scope=ALL, limit=10_000):
            if step is not None and step.kind == Select.kind:
                selecting.add(case.item)
            elif step is not None and self._is_handed_back(case, step, as_of):
                returned.add(case.id)
            else:
                waiting[step.office if step else case.office, step is None].append((case, step))
        for (office, is_to_decide), found in sorted(waiting.items()):
            act = self._decide if is_to_decide else self._review
            some = [(case, step) for case, step in found if case.id not in returned]
            for start in range(0, len(some), _TOGETHER):
                acts += act(some[start : start + _TOGETHER], self.cast.officer("reviewer", office), as_of)
        for item_id in sorted(selecting):
            office = catalogue.item(item_id, as_of=as_of).pack.owner
            acts += len(cases.select(item_id=item_id, by=self.cast.officer("reviewer", office), as_of=as_of))
        return acts + len(returned)

    def _correct(self, as_of: datetime) -> int:
        returned = case_queries.cases(scope=ALL, states=[State.RETURNED], limit=10_000)
        for case in returned:
            cases.resubmit(case_id=case.id, by=_self_of(case), as_of=as_of)
        return len(returned)

    def _is_handed_back(self, case: CaseRecord, step: StepRecord, as_of: datetime) -> bool:
        if self._luck(case, step).is_clear or case.version >= _FRESH:
            return False
        by = self.cast.officer("reviewer", step.office)
        cases.return_case(case_id=case.id, reason="材料不清晰，请重新上传", by=by, as_of=as_of)
        return True

    def _review(self, some: Sequence[Waiting], by: Actor, as_of: datetime) -> int:
        reviews = [self._reviewed(case, step) for case, step in some if step is not None]
        cases.review_many(reviews=reviews, by=by, as_of=as_of)
        return len(reviews)

    def _reviewed(self, case: CaseRecord, step: StepRecord) -> Review:
        is_favourable = self._luck(case, step).is_favourable
        found = Found(is_favourable, "" if is_favourable else "材料与登记信息不一致")
        asked = [name for name in _asked(case, "evidenced", "judged") if step.may_find_on(name)]
        return Review(case.id, step.position, Finding.PASSED, dict.fromkeys(asked, found))

    def _decide(self, some: Sequence[Waiting], by: Actor, as_of: datetime) -> int:
        """Decides as the rules say; where one cannot be decided yet, each goes alone and that one waits."""
        ids = [case.id for case, _ in some]
        found = case_queries.assessments_of(ids, scope=ALL, by=by, as_of=as_of)
        decisions = [_decision(case_id, found[case_id].assessment) for case_id in ids]
        try:
            cases.decide_many(decisions=decisions, by=by, as_of=as_of)
        except ZhidaError:
            return sum(self._decide([one], by, as_of) for one in some) if len(some) > 1 else 0
        return len(some)

    def _luck(self, case: CaseRecord, step: StepRecord) -> Luck:
        chance = self._chance(case, f"step {step.position} {step.office}")
        is_clear = step.position > 1 or chance.random() >= _RETURNED
        return Luck(is_clear, chance.random() < _FAVOURABLE)

    def _chance(self, case: AnyCase, about: str) -> random.Random:
        return random.Random(f"{self.seed}|{case.item}|{case.subject_id}|{case.record}|{about}")


def _decision(case_id: str, found: Assessment) -> Decision:
    outcome = Outcome.GRANTED if found.answer is Answer.ENTITLED else Outcome.REFUSED
    reason = "" if found.because or outcome is Outcome.GRANTED else "数源部门尚未提供所需情况，本次不予兑现"
    return Decision(case_id, outcome, reason)


def _answer(fact: FactType, chance: random.Random) -> Any:
    if fact.kind == "boolean":
        return chance.random() < _FAVOURABLE
    if fact.kind == "number":
        return chance.randint(int(fact.minimum or 0), int(fact.maximum or 100))
    if fact.kind == "date":
        return "2026-06-01"
    return chance.choice(sorted(fact.values)) if fact.values else "如实填写"


def _asked(case: AnyCase, *kinds: str) -> list[str]:
    """The requirements of a case's item that are found on in one of these ways."""
    pack = catalogue.revision(case.revision_id)
    item = catalogue.item_of(case.revision_id, case.item)
    return [name for name in item.requires if pack.requirements[name].kind in kinds]


def _self_of(case: AnyCase) -> Actor:
    return Actor("demonstration", "agent", subject=case.subject_id)
