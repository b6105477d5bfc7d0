"""Run inside the installation, once it is played: leaves work in the middle, so that every page has something to show.

Some cases wait for a reviewer, some are on public notice, some have money reserved that nobody has released, and the
firm that anybody can log in as may claim something with one tap. Only kernel actions are used.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from tests.journey import listing, own
from tests.journey.troubles import make
from zhida.domain.packs import Claim
from zhida.domain.process import Finding, Outcome
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.actions.claiming import Claimant
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import actions as entitlement_actions
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.records import Result
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.outbox.ports import handlers
from zhida.kernel.ports import wired
from zhida.kernel.registry import actions as registry_actions
from zhida.kernel.registry import queries as registry
from zhida.services.demonstration.turning import SYSTEM, Crank
from zhida.services.feedback import desk

ALL = Scope.system("journey")
BY = Actor("journey", "operator")
A_FEW = 2
REFUND = "mingzhou/job-retention-refund/refund"
PAPER = b"%PDF-1.4\n%%EOF\n"


class Stage:
    """Everything that is done to the installation before anybody looks."""

    def __init__(self) -> None:
        self.clock = wired("clock")
        self.crank = Crank(self.clock.now(), handlers())
        self.troubles: dict[str, str] = {}
        self.own: dict[str, str] = {}
        self.run = entitlement_actions.screen(by=SYSTEM, as_of=self.crank.now)
        self.reviewer = accounts.account_named("reviewer").id

    def set_up(self) -> str:
        """Lets some apply while days pass and nobody releases, then a few more; gives the firm something to claim."""
        self._let_apply()
        for _ in range(12):
            self._work()
            self.crank.pass_days(1)
        self._let_apply()
        refund = catalogue.item(REFUND, as_of=self.crank.now)
        on_notice, claimant, typed = self._unclaimed(refund)[:3]
        self._confirm(refund, on_notice)
        self._pass_undo()
        firm = accounts.account_named("firm").id
        subject = claimant.subject_id
        self.troubles = make(self.crank.now)
        self.own = own.make(self.crank, self.reviewer, subject)
        self.own["typed"] = own.let_type(typed.subject_id, self.crank)
        self.own["asked"] = own.ask(on_notice.subject_id, "journey", self.crank)
        offices.give_mandate(account_id=firm, subject_id=subject, source="journey", by=BY, as_of=self.crank.now)
        ledger.seal(as_of=self.crank.now)
        self.clock.show(self.crank.now)
        return subject

    def _let_apply(self) -> None:
        for published in catalogue.items(as_of=self.crank.now):
            item = published.item
            if item.claim is Claim.APPLIED and item.pays and not item.for_each:
                for result in self._possible(published):
                    self._apply(published, result.subject_id)
        self._pass_undo()

    def _pass_undo(self) -> None:
        self.crank.now += timedelta(minutes=15)
        self.crank.turn()

    def _unclaimed(self, published: PublishedItem) -> list[Result]:
        busy = queries.open_claims(published.item.id)
        found = entitlements.unclaimed(self.run, published.item.id, scope=ALL, open_claims=busy, limit=20)
        known = [one for one in found if one.amount_fen is not None]
        self._open_accounts([one.subject_id for one in known])
        return known

    def _possible(self, published: PublishedItem) -> list[Result]:
        """Some who would be entitled once the form is filled in."""
        item_id, asked = published.item.id, published.pack.form.questions
        claimed = {one.subject_id for one in queries.cases(scope=ALL, item=item_id, limit=1000)}
        found = entitlements.results_of_item(self.run, item_id, scope=ALL, limit=200)
        fit = (
            one for one in found if one.subject_id not in claimed and self._needs_only(one.subject_id, item_id, asked)
        )
        chosen = list(islice(fit, A_FEW))
        self._open_accounts([one.subject_id for one in chosen])
        return chosen

    def _needs_only(self, subject_id: str, item_id: str, asked: object) -> bool:
        found = entitlements.assess(subject_id, item_id, as_of=self.crank.now, scope=ALL)
        return all(key.attribute in asked for key in found.missing)

    def _open_accounts(self, subject_ids: list[str]) -> None:
        today = local_date(self.crank.now)
        for subject_id, one in registry.subjects(subject_ids, scope=ALL).items():
            if registry.bank_account(subject_id, scope=ALL, on=today) is None:
                registry_actions.register_account(
                    account_id=new_id("payee"),
                    subject_id=subject_id,
                    number=f"62{int(subject_id[-6:], 36) % 10**12:012d}0018",
                    holder=one.name,
                    bank="示范银行",
                    source="journey",
                    valid_from=today,
                    by=SYSTEM,
                    as_of=self.crank.now,
                )

    def _apply(self, published: PublishedItem, subject_id: str) -> None:
        item, pack, as_of = published.item, published.pack, self.crank.now
        case_id, by = new_id("case"), Actor("journey", "agent", subject=subject_id)
        actions.open_case(case_id=case_id, item_id=item.id, subject_id=subject_id, by=by, as_of=as_of)
        answers = {name: _answer(one.fact) for name, one in pack.form.questions.items() if name in item.reads}
        if answers:
            actions.answer(case_id=case_id, answers=answers, by=by, as_of=as_of)
        for name, paper in pack.form.papers.items():
            if name in item.requires:
                actions.attach(
                    case_id=case_id,
                    evidence_id=new_id("evidence"),
                    requirement=name,
                    name=f"{name}.{paper.formats[0]}",
                    media_type="application/octet-stream",
                    body=PAPER,
                    by=by,
                    as_of=as_of,
                )
        promised = [one.name for one in item.program.requires if one.kind == "undertaken"]
        actions.submit(case_id=case_id, undertakings=promised, by=by, as_of=as_of)

    def _confirm(self, published: PublishedItem, result: Result) -> None:
        claimant = Claimant(result.subject_id, result.region)
        item_id, as_of = published.item.id, self.crank.now
        for case_id in actions.open_automatic(item_id=item_id, claimants=[claimant], by=SYSTEM, as_of=as_of):
            by = Actor("journey", "agent", subject=result.subject_id)
            actions.submit(case_id=case_id, by=by, as_of=as_of)

    def _work(self) -> None:
        """Officers find in favour of everything that waits for them."""
        for case, step in self._waiting():
            by = Actor(self.reviewer, "reviewer", office=step.office if step else case.office)
            if step is None:
                actions.decide(case_id=case.id, outcome=Outcome.GRANTED, by=by, as_of=self.crank.now)
                continue
            for requirement in catalogue.item_of(case.revision_id, case.item).program.requires:
                if requirement.kind in ("evidenced", "judged") and step.may_find_on(requirement.name):
                    name = requirement.name
                    actions.rule(case_id=case.id, requirement=name, is_met=True, by=by, as_of=self.crank.now)
            actions.finish_step(
                case_id=case.id, position=step.position, finding=Finding.PASSED, by=by, as_of=self.crank.now
            )

    def _waiting(self) -> Iterator[tuple]:
        for case, step in queries.worklist(office="", scope=ALL, limit=1000):
            found = queries.assessment_of(case.id, scope=ALL, by=SYSTEM, as_of=self.crank.now).assessment
            if step.kind != "select" if step else found.answer == "entitled":
                yield case, step


def _answer(fact) -> object:
    """Something that the form takes."""
    if fact.kind == "boolean":
        return True
    if fact.kind == "number":
        return int(fact.maximum or 10)
    if fact.kind == "date":
        return "2026-06-01"
    return fact.values[0] if fact.values else "如实填写"


def _heard(now: datetime) -> str:
    """Somebody says something of a page, and it waits for an answer."""
    identity = new_id("feedback")
    said = desk.Said("/policies/", desk.Kind.UNCLEAR, "主题是什么意思？电话 13800138000")
    desk.receive(feedback_id=identity, said=said, office="", by=BY, as_of=now)
    return identity


def run() -> dict[str, object]:
    """Sets the stage; the firm's claimant, and the payments in trouble."""
    stage = Stage()
    claimant = stage.set_up()
    heard = _heard(stage.crank.now)
    return {
        "claimant": claimant,
        "troubles": stage.troubles,
        "feedback": heard,
        "visited": listing.make(stage.crank.now),
        **stage.own,
    }
