"""Run inside the installation, once it is played: leaves work in the middle, so that every page has something to show.

Some cases wait for a reviewer, some are on public notice, some have money reserved that nobody has released, and the
firm that anybody can log in as may claim something with one tap.
"""

import random
from datetime import timedelta
from itertools import islice

from zhida.domain.packs import Claim
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import queries as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlement_actions
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.outbox.ports import handlers
from zhida.kernel.ports import wired
from zhida.kernel.registry import actions as registry_actions
from zhida.kernel.registry import queries as registry
from zhida.services.demonstration.cast import OFFICERS, Cast
from zhida.services.demonstration.claims import Claims
from zhida.services.demonstration.turning import SYSTEM, Crank

ALL = Scope.system("journey")
BY = Actor("journey", "operator")
A_FEW = 2
REFUND = "mingzhou/job-retention-refund/refund"


class Stage:
    """Everything that is done to the installation before anybody looks."""

    def __init__(self) -> None:
        self.clock = wired("clock")
        self.crank = Crank(self.clock.now(), handlers())
        cast = Cast({name: accounts.account_named(name).id for name in OFFICERS})
        self.claims = Claims(cast, random.Random(7))
        self.run = entitlement_actions.screen(by=SYSTEM, as_of=self.crank.now)

    def unclaimed(self, item) -> list:
        """Some who are entitled to an item, or would be once the form is filled in, and have not claimed it."""
        if item.claim == Claim.APPLIED:
            found = self._possible(item)
        else:
            busy = cases.open_claims(item.id)
            found = entitlements.unclaimed(self.run, item.id, scope=ALL, open_claims=busy, limit=A_FEW)
            found = [one for one in found if one.amount_fen is not None]
        self._open_accounts(one.subject_id for one in found)
        return found

    def _possible(self, item) -> list:
        as_of = self.crank.now
        claimed = {one.subject_id for one in cases.cases(scope=ALL, item=item.id, limit=1000)}
        asked = catalogue.item(item.id, as_of=as_of).pack.form.questions
        found = entitlements.results_of_item(self.run, item.id, scope=ALL, limit=200)
        fit = (
            one
            for one in found
            if one.subject_id not in claimed
            and all(
                key.attribute in asked
                for key in entitlements.assess(one.subject_id, item.id, as_of=as_of, scope=ALL).missing
            )
        )
        return list(islice(fit, A_FEW))

    def _open_accounts(self, subject_ids) -> None:
        today = local_date(self.crank.now)
        for subject_id, one in registry.subjects(list(subject_ids), scope=ALL).items():
            if registry.bank_account(subject_id, scope=ALL, on=today) is None:
                registry_actions.register_account(
                    account_id=new_id("payee"),
                    subject_id=subject_id,
                    number="6200000000000018",
                    holder=one.name,
                    bank="示范银行",
                    source="journey",
                    valid_from=today,
                    by=SYSTEM,
                    as_of=self.crank.now,
                )

    def items(self, *claims: Claim) -> list:
        """The items that pay and are claimed in one of these ways."""
        found = (one.item for one in catalogue.items(as_of=self.crank.now))
        return [item for item in found if item.claim in claims and item.pays and not item.for_each]

    def set_up(self) -> str:
        """Lets some claim while days pass and nobody releases, then a few more; gives the firm something to claim."""
        for item in self.items(Claim.APPLIED):
            self._apply(item)
        self.crank.now += timedelta(minutes=15)
        self.crank.turn()
        for _ in range(12):
            self.claims.work(as_of=self.crank.now)
            self.crank.pass_days(1)
        for item in self.items(Claim.APPLIED):
            self._apply(item)
        self.crank.now += timedelta(minutes=15)
        self.crank.turn()
        for item in self.items(Claim.AUTOMATIC):
            self.claims.confirm(item, self.unclaimed(item)[:1], by=SYSTEM, as_of=self.crank.now)
        self.crank.now += timedelta(minutes=15)
        self.crank.turn()
        claimant = self._give_the_firm_a_claim()
        ledger.seal(as_of=self.crank.now)
        self.clock.show(self.crank.now)
        return claimant

    def _apply(self, item) -> None:
        self.claims.apply(item, self.unclaimed(item), waives_undo=False, as_of=self.crank.now)

    def _give_the_firm_a_claim(self) -> str:
        firm = accounts.account_named("firm").id
        refund = catalogue.item(REFUND, as_of=self.crank.now).item
        subject = self.unclaimed(refund)[0].subject_id
        offices.give_mandate(account_id=firm, subject_id=subject, source="journey", by=BY, as_of=self.crank.now)
        return subject


def run() -> dict[str, str]:
    """Sets the stage; the firm's claimant."""
    return {"claimant": Stage().set_up()}
