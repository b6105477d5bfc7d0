"""The demonstration's story, stage by stage, in the order in which one yuan goes its way."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as day_time
from itertools import islice

from zhida.domain.packs import Claim, Root
from zhida.domain.values import CHINA, Actor, Period, Scope, Span, SubjectKind, local_date, new_id, utc
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.entitlements import queries as entitlement_queries
from zhida.kernel.entitlements.past import Inquiry
from zhida.kernel.entitlements.records import Result
from zhida.kernel.entitlements.telling import item_words
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices.records import Addressee
from zhida.kernel.registry import queries as registry
from zhida.services.demonstration import founding, past, population
from zhida.services.demonstration.cast import Cast
from zhida.services.demonstration.claims import Claims
from zhida.services.demonstration.figures import Figures, gather
from zhida.services.demonstration.finance import Drawn, Finance
from zhida.services.demonstration.turning import SYSTEM, Crank
from zhida.services.demonstration.visitors import introduce

FIRST_DAY = date(2026, 10, 12)
"""Where the demonstration's clock begins; the packs are of that year."""

ALL = Scope.system("demonstration")
_OPERATOR = Actor("demonstration", "operator")
_LINE_FEN = 30_000_000_000
_CAP_FEN = 20_000_000_000
_REVIEW_DAYS, _SOME_DAYS = 20, 8
_LATE = 8
_AT_ONCE = 100

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How many subjects are drawn, and about how many cases are opened."""

    counts: Mapping[SubjectKind, int]
    cases: int
    seed: int


@dataclass
class Story:
    """One run of the demonstration. `tell` hears what is being done; `crank` holds its clock."""

    files: Mapping[str, bytes]
    size: Size
    crank: Crank
    tell: Tell
    seconds: dict[str, float] = field(default_factory=dict)
    notices: int = 0
    late: list[tuple[PublishedItem, list[Result]]] = field(default_factory=list)

    def play(self) -> Figures:
        """All stages in order; the figures they came to."""
        with self._stage("packs"):
            root, cast = self._found()
        with self._stage("population"):
            self._settle(root)
        with self._stage("replay"):
            self._earn_gold(cast)
        with self._stage("screening"):
            run_id = entitlements.screen(by=SYSTEM, as_of=self.crank.now)
        with self._stage("notices"):
            self._notify(run_id)
        with self._stage("claims"):
            self._claim(run_id, Claims(cast, self.size.seed))
        with self._stage("cases"):
            self._work(root, Claims(cast, self.size.seed))
        with self._stage("logins"):
            self._introduce()
        with self._stage("ledger"):
            self.crank.turn()
            ledger.seal(as_of=self.crank.now)
            return gather(notices=self.notices, seconds=self.seconds, as_of=self.crank.now)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        self.tell(name)
        yield
        self.seconds[name] = time.perf_counter() - started

    def _found(self) -> tuple[Root, Cast]:
        now = self.crank.now
        root = founding.take_over(self.files, by=_OPERATOR, as_of=now)
        cast = Cast.hire(root, by=_OPERATOR, as_of=now)
        for pack in root.packs.values():
            author, reader = (cast.officer(name, pack.owner) for name in ("author", "reader"))
            founding.publish(root, pack.id, reader=reader, by=author, as_of=now)
            self.tell(pack.id)
        today = local_date(now)
        valid = Span(today, date(today.year + 1, 1, 1))
        for line, _, office in founding.budget_lines(root):
            region = root.dictionary.offices[office].region
            founding.open_line(
                line, office=office, region=region, total_fen=_LINE_FEN, on=today, by=_OPERATOR, as_of=now
            )
            three = founding.Signatories(*(cast.officer(name, office) for name in ("maker", "checker", "releaser")))
            founding.sign_standing_release(line, cap_fen=_CAP_FEN, valid=valid, signatories=three, as_of=now)
        return root, cast

    def _settle(self, root: Root) -> None:
        population.settle(
            root,
            self.files,
            counts=self.size.counts,
            seed=self.size.seed,
            observed_on=local_date(self.crank.now).replace(day=1),
            by=SYSTEM,
            as_of=self.crank.now,
            step=self.tell,
        )

    def _earn_gold(self, cast: Cast) -> None:
        on = local_date(self.crank.now)
        for published in self._claimable(Claim.AUTOMATIC, Claim.INSTANT):
            reader = cast.officer("reader", published.pack.owner)
            tier = past.earn_gold(published, by=reader, on=on, as_of=self.crank.now)
            self.tell(f"{published.pack.id}: {tier}")

    def _claimable(self, *claims: Claim) -> list[PublishedItem]:
        return [published for published in catalogue.items(as_of=self.crank.now) if published.item.claim in claims]

    def _notify(self, run_id: str) -> None:
        for published in catalogue.items(as_of=self.crank.now):
            item = published.item
            found = entitlement_queries.results_of_item(run_id, item.id, scope=ALL, only_entitled=True, limit=100_000)
            report = notices.send_batch(
                batch_id=new_id("outreach"),
                item_id=item.id,
                template="newly_entitled",
                occasion=str(Period(local_date(self.crank.now).year)),
                item_words=item_words(published.pack, item.id),
                addressees=[Addressee(result.subject_id) for result in found],
                by=SYSTEM,
                as_of=self.crank.now,
            )
            self.notices += report.sent
            self.tell(f"{item.id}: {report.sent}")

    def _claim(self, run_id: str, claims: Claims) -> None:
        items = catalogue.items(as_of=self.crank.now)
        share = -(-self.size.cases // len(items)) if items else 0
        for published in items:
            chosen = self._chosen(run_id, published, share)
            holders = registry.subjects([result.subject_id for result in chosen], scope=ALL)
            self._open_accounts({subject_id: holder.name for subject_id, holder in holders.items()})
            if published.item.claim == Claim.AUTOMATIC:
                claims.confirm(published.item, chosen, by=SYSTEM, as_of=self.crank.now)
            elif published.item.claim == Claim.INSTANT:
                claims.apply(published, chosen, waives_undo=True, as_of=self.crank.now)
            else:
                early = len(chosen) - len(chosen) // _LATE
                self.late.append((published, chosen[early:]))
                claims.apply(published, chosen[:early], waives_undo=False, as_of=self.crank.now)
            self.tell(f"{published.item.id}: {len(chosen)}")

    def _open_accounts(self, names: Mapping[str, str]) -> None:
        held = registry.bank_accounts(list(names), scope=ALL, on=local_date(self.crank.now))
        without = [(subject_id, name) for subject_id, name in names.items() if subject_id not in held]
        population.open_accounts(without, seed=self.size.seed, on=FIRST_DAY, by=SYSTEM, as_of=self.crank.now)

    def _chosen(self, run_id: str, published: PublishedItem, share: int) -> list[Result]:
        """Those who claim: for automatic and instant items the entitled with a known sum, else whoever may be."""
        item = published.item
        is_sure = item.claim != Claim.APPLIED
        found = entitlement_queries.results_of_item(run_id, item.id, scope=ALL, only_entitled=is_sure, limit=20 * share)
        fit = [result for result in found if not (is_sure and item.pays) or result.amount_fen is not None]
        random.Random(f"{self.size.seed}|{item.id}").shuffle(fit)
        return fit[:share] if is_sure else list(islice(self._lacking_no_source(published, fit), share))

    def _lacking_no_source(self, published: PublishedItem, results: Sequence[Result]) -> Iterator[Result]:
        """Those of whom the form asks everything that is still unknown."""
        asked, today = published.pack.form.questions, local_date(self.crank.now)
        for start in range(0, len(results), _AT_ONCE):
            some = results[start : start + _AT_ONCE]
            scopes = {result.subject_id: ALL for result in some if not result.is_entitled}
            facts = entitlement_queries.facts_for_many(scopes, as_of=self.crank.now)
            pasts = entitlement_queries.pasts_of(
                [Inquiry([published], subject_id, known, today) for subject_id, known in facts.items()]
            )
            past = {each.subject_id: each for each in pasts}
            for result in some:
                holder = result.subject_id
                if holder not in facts:
                    yield result
                    continue
                found = entitlement_queries.assess_facts(published, holder, facts[holder], today, past=past[holder])
                if all(key.attribute in asked for key in found.missing):
                    yield result

    def _work(self, root: Root, claims: Claims) -> None:
        finance = Finance(claims.cast, [Drawn(line, office) for line, _, office in founding.budget_lines(root)])
        self.crank.now += timedelta(minutes=15)
        self.crank.turn()
        for _ in range(_REVIEW_DAYS):
            acts = claims.work(as_of=self.crank.now)
            released = finance.release(as_of=self.crank.now)
            self.crank.pass_days(1)
            self.tell(f"{local_date(self.crank.now)}: {acts} / {released}")
        self.crank.settle()
        self._leave_something(claims)
        finance.leave_some(as_of=self.crank.now)

    def _leave_something(self, claims: Claims) -> None:
        """The last who apply find the office busy, so that a newcomer has something to review, decide and release."""
        for turn in (0, 1):
            for published, results in self.late:
                claims.apply(published, results[turn::2], waives_undo=True, as_of=self.crank.now)
            self.crank.turn()
            if turn == 0:
                for _ in range(_SOME_DAYS):
                    claims.work(as_of=self.crank.now)
                    self.crank.pass_days(1)

    def _introduce(self) -> None:
        """Accounts with which a newcomer can stand in a firm's and a person's shoes."""
        introduce(as_of=self.crank.now)


def first_instant() -> datetime:
    """Half past nine in the morning of the first day, in UTC."""
    return utc(datetime.combine(FIRST_DAY, day_time(9, 30), CHINA))
