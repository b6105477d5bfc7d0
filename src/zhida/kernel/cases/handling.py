"""One case in hand: its row held, where it stands, and what is known of it while nobody else can change it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Item, Pack
from zhida.domain.process import Doer, Journey, Visit, WorkCalendar
from zhida.domain.proofs import Json
from zhida.domain.values import Actor, Scope, local_date, utc
from zhida.kernel.cases import telling
from zhida.kernel.cases.assessing import Known, assess, frozen_of, known_of
from zhida.kernel.cases.bench import Bench
from zhida.kernel.cases.journeys import journey_of, locked, new_step, set_standing
from zhida.kernel.cases.models import Case, Grant, Pause, Ruling, Step
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger.actions import NewFact
from zhida.kernel.offices import queries as offices

_READ = ("steps", "pauses", "grants", "answers", "rulings", "objections")


@dataclass
class Handling:
    """Made inside an action's transaction and gone with it; `journey` is always where the case stands now.

    What an act changes is written at once, unless the case was taken in hand `together` with others.
    """

    row: Case
    journey: Journey
    by: Actor
    bench: Bench
    writes_at_once: bool = True
    steps: dict[tuple[int, str], Step] = field(default_factory=dict)
    known: Known | None = None
    _found: dict[date, CaseAssessment] = field(default_factory=dict)

    @classmethod
    def of(cls, case_id: str, *, by: Actor, as_of: datetime) -> Handling:
        """Takes a case in hand until the transaction ends. Raises ConflictError where there is none."""
        return cls._made(locked([case_id], "steps")[0], by, Bench(as_of), writes_at_once=True)

    @classmethod
    def together(cls, case_ids: Collection[str], *, by: Actor, bench: Bench) -> list[Handling]:
        """Takes many in hand, in the order of their ids; what their acts change waits for `bench.write`."""
        return [cls._made(row, by, bench, writes_at_once=False) for row in locked(case_ids, *_READ)]

    @classmethod
    def _made(cls, row: Case, by: Actor, bench: Bench, *, writes_at_once: bool) -> Handling:
        steps = {(step.position, step.office): step for step in row.steps.all()}
        return cls(row, journey_of(row, steps.values()), by, bench, writes_at_once, steps)

    @cached_property
    def grants(self) -> list[Grant]:
        """What the case has set in motion, what this act adds included."""
        return list(self.row.grants.all())

    @cached_property
    def pauses(self) -> list[Pause]:
        """When the clock stood still."""
        return list(self.row.pauses.all())

    @property
    def doer(self) -> Doer:
        """On which side the actor stands. Raises AccessError where on none."""
        return doer_of(self.by, self.row)

    @property
    def today(self) -> date:
        """The local date."""
        return local_date(self.as_of)

    @property
    def scope(self) -> Scope:
        """What reading for this case may see; it names the case as its purpose."""
        return Scope.own(frozenset({self.row.subject_id}), f"case:{self.row.id}")

    @cached_property
    def pack(self) -> Pack:
        """The pack as the case pinned it."""
        return catalogue.revision(self.row.revision_id)

    @cached_property
    def item(self) -> Item:
        """The item as the case pinned it."""
        return catalogue.item_of(self.row.revision_id, self.row.item)

    @property
    def as_of(self) -> datetime:
        """The instant of the act."""
        return self.bench.as_of

    @property
    def calendar(self) -> WorkCalendar:
        """Working days."""
        return self.bench.once("calendar", offices.calendar)

    @property
    def submitted_on(self) -> date:
        """The day the claim was handed in, which the rules are asked about: a slow office costs nobody the window.

        Raises InvariantBroken for a draft.
        """
        if self.row.submitted_at is None:
            raise InvariantBroken("not_submitted", f"{self.row.id} was never handed in")
        return local_date(self.row.submitted_at)

    @contextmanager
    def acting_as(self, actor: Actor) -> Iterator[None]:
        """For a while another actor acts: the system under a standing release."""
        self.by, plain = actor, self.by
        try:
            yield
        finally:
            self.by = plain

    def assessed(self, on: date) -> CaseAssessment:
        """What the rules say for a date; read once and asked once a date, until something is granted."""
        if self.known is None:
            self.known = known_of([self.row], by=self.by, as_of=self.as_of)[self.row.id]
        if on not in self._found:
            self._found[on] = assess(self.row, self.known, on=on)
        return self._found[on]

    def has_granted(self) -> None:
        """What was known before a grant may no longer hold."""
        self.known = None
        self._found.clear()

    def go_on(self, after: Journey, *, note: str = "") -> None:
        """Stands where an act led, and has what it changed written."""
        before = {(visit.position, visit.office): visit for visit in self.journey.visits}
        for visit in after.visits:
            if before.get((visit.position, visit.office)) != visit:
                self._keep_step(after, visit, note)
        self.journey = after
        self.row.version += 1
        set_standing(self.row, after, self.calendar, self.pauses, self.as_of)
        self.keep(self.row)

    def _keep_step(self, journey: Journey, visit: Visit, note: str) -> None:
        key = (visit.position, visit.office)
        step = self.steps.get(key) or new_step(self.row, journey, visit, self.calendar)
        if visit.finding:
            step.finding, step.done_on = str(visit.finding), visit.done_on
            step.done_by, step.note = self.by.account, note
        self.steps[key] = step
        self.bench.keep(step)

    def stop_clock(self, reason: str) -> None:
        """Working days do not count from now on."""
        self.pauses.append(Pause.objects.create(case=self.row, reason=reason, paused_at=utc(self.as_of)))

    def start_clock(self) -> None:
        """Working days count again."""
        for pause in self.pauses:
            if pause.resumed_at is None:
                pause.resumed_at = utc(self.as_of)
                pause.save(update_fields=["resumed_at"])

    def keep(self, row: Case | Grant) -> None:
        """Has the case's row, or one of its grants, written."""
        self.bench.keep(row)
        self._end_act()

    def freeze(self, moment: str, found: CaseAssessment, on: date, period: str = "") -> str:
        """Keeps the facts and the assessment as they are; the digest that the ledger names."""
        frozen = frozen_of(self.row, moment, found, on, period)
        self.bench.freezes.append(frozen)
        self._end_act()
        return frozen.digest

    def rule(self, requirement: str, *, is_met: bool, reason: str = "") -> None:
        """Keeps what the actor finds on a requirement."""
        at, who = utc(self.as_of), self.by.account
        ruling = Ruling(case=self.row, requirement=requirement, is_met=is_met, reason=reason, ruled_at=at, ruled_by=who)
        self.bench.rulings.append(ruling)
        self._end_act()

    def record(self, kind: str, fields: Mapping[str, Json]) -> None:
        """Leaves a fact about the case."""
        self.bench.facts.append(NewFact(kind, self.row.id, fields, self.by))
        self._end_act()

    def tell(self, template: str, values: Mapping[str, str | tuple[str, str]]) -> None:
        """Tells the subject."""
        self.bench.news.append((self.by, telling.news_of(self.row, template, values)))
        self._end_act()

    def _end_act(self) -> None:
        if self.writes_at_once:
            self.bench.write()
