"""What people and officers do in the demonstration: claim, hand in, rule, publicise, decide, release."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhida.domain.errors import ZhidaError
from zhida.domain.packs import Item, Pack
from zhida.domain.postings import State as PaymentState
from zhida.domain.process import Finding, Outcome, Select, State
from zhida.domain.rules import FactType
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases import queries as case_queries
from zhida.kernel.cases.actions.claiming import Claimant
from zhida.kernel.cases.records import CaseRecord, StepRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.records import Result
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries as fund_queries
from zhida.services.demonstration.cast import Cast

ALL = Scope.system("demonstration")
_FAVOURABLE, _RETURNED, _FRESH = 0.93, 0.05, 6
_PAPER = b"%PDF-1.4\n% a page of the demonstration\n%%EOF\n"


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
        for case_id in opened:
            case = case_queries.case(case_id, scope=ALL)
            luck = self._chance(case, "confirm").random()
            if luck < 0.04:
                continue
            self._submit(case, as_of, waives_undo=False)
            if luck > 0.98:
                cases.withdraw(case_id=case_id, reason="点错了", by=_self_of(case), as_of=as_of)
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
            case_id = new_id("case")
            by = Actor("demonstration", "agent", subject=subject_id)
            cases.open_case(case_id=case_id, item_id=item.id, subject_id=subject_id, record=record, by=by, as_of=as_of)
            case = case_queries.case(case_id, scope=ALL)
            self._fill(pack, item, case_id, self._chance(case, "answers"), by, as_of)
            self._submit(case, as_of, waives_undo=waives_undo)
            opened.append(case_id)
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

    def _submit(self, case: CaseRecord, as_of: datetime, *, waives_undo: bool) -> None:
        promised = _asked(case, "undertaken")
        by = _self_of(case)
        cases.submit(case_id=case.id, undertakings=promised, waives_undo=waives_undo, by=by, as_of=as_of)

    def work(self, *, as_of: datetime) -> int:
        """Officers and applicants do what waits for them today; gives how many acts that took."""
        acts = self._correct(as_of)
        selecting = set()
        for case, step in case_queries.worklist(office="", scope=ALL, limit=10_000):
            if step is None:
                acts += self._decide(case, as_of)
            elif step.kind == Select.kind:
                selecting.add(case.item)
            else:
                acts += self._work_step(case, step, as_of)
        for item_id in sorted(selecting):
            office = catalogue.item(item_id, as_of=as_of).pack.owner
            acts += len(cases.select(item_id=item_id, by=self.cast.officer("reviewer", office), as_of=as_of))
        return acts

    def _correct(self, as_of: datetime) -> int:
        returned = case_queries.cases(scope=ALL, states=[State.RETURNED], limit=10_000)
        for case in returned:
            cases.resubmit(case_id=case.id, by=_self_of(case), as_of=as_of)
        return len(returned)

    def _work_step(self, case: CaseRecord, step: StepRecord, as_of: datetime) -> int:
        by = self.cast.officer("reviewer", step.office)
        chance = self._chance(case, f"step {step.position} {step.office}")
        if step.position <= 1 and chance.random() < _RETURNED and case.version < _FRESH:
            cases.return_case(case_id=case.id, reason="材料不清晰，请重新上传", by=by, as_of=as_of)
            return 1
        is_favourable = chance.random() < _FAVOURABLE
        for name in _asked(case, "evidenced", "judged"):
            reason = "" if is_favourable else "材料与登记信息不一致"
            cases.rule(case_id=case.id, requirement=name, is_met=is_favourable, reason=reason, by=by, as_of=as_of)
        cases.finish_step(case_id=case.id, position=step.position, finding=Finding.PASSED, by=by, as_of=as_of)
        return 1

    def _decide(self, case: CaseRecord, as_of: datetime) -> int:
        by = self.cast.officer("reviewer", case.office)
        found = case_queries.assessment_of(case.id, scope=ALL, by=by, as_of=as_of).assessment
        outcome = Outcome.GRANTED if found.answer == "entitled" else Outcome.REFUSED
        reason = "" if found.because or outcome is Outcome.GRANTED else "数源部门尚未提供所需情况，本次不予兑现"
        try:
            cases.decide(case_id=case.id, outcome=outcome, reason=reason, by=by, as_of=as_of)
        except ZhidaError:
            return 0
        return 1

    def release(self, lines: Iterable[tuple[str, str]], *, as_of: datetime) -> int:
        """Three persons release, line by line, what no standing release covers; gives how many payments."""
        released = 0
        for line, office in lines:
            waiting = fund_queries.disbursements(scope=ALL, line=line, states=[PaymentState.RESERVED], limit=2_000)
            ids = [payment.id for payment in waiting if payment.release is None and payment.batch is None]
            if not ids:
                continue
            maker, checker, releaser = (self.cast.officer(name, office) for name in ("maker", "checker", "releaser"))
            batch_id = new_id("batch")
            digest = funds.prepare_batch(batch_id=batch_id, disbursement_ids=ids, by=maker, as_of=as_of)
            funds.check_batch(batch_id=batch_id, digest=digest, by=checker, as_of=as_of)
            funds.release_batch(batch_id=batch_id, digest=digest, by=releaser, as_of=as_of)
            released += len(ids)
        return released

    def _chance(self, case: CaseRecord, about: str) -> random.Random:
        return random.Random(f"{self.seed}|{case.item}|{case.subject_id}|{case.record}|{about}")


def _answer(fact: FactType, chance: random.Random) -> Any:
    if fact.kind == "boolean":
        return chance.random() < _FAVOURABLE
    if fact.kind == "number":
        return chance.randint(int(fact.minimum or 0), int(fact.maximum or 100))
    if fact.kind == "date":
        return "2026-06-01"
    return chance.choice(sorted(fact.values)) if fact.values else "如实填写"


def _asked(case: CaseRecord, *kinds: str) -> list[str]:
    """The requirements of a case's item that are found on in one of these ways."""
    pack = catalogue.revision(case.revision_id)
    item = catalogue.item_of(case.revision_id, case.item)
    return [name for name in item.requires if pack.requirements[name].kind in kinds]


def _self_of(case: CaseRecord) -> Actor:
    return Actor("demonstration", "agent", subject=case.subject_id)
