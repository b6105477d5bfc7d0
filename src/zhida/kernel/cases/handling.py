"""One case in hand: its row held, where it stands, and what is known of it while nobody else can change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Item, Pack
from zhida.domain.process import Doer, Journey, Pause, WorkCalendar
from zhida.domain.proofs import Json
from zhida.domain.values import Actor, Scope, local_date
from zhida.kernel.cases import telling
from zhida.kernel.cases.assessing import Known, assess, known_of
from zhida.kernel.cases.journeys import journey_of, locked, pauses_of, save
from zhida.kernel.cases.models import Case
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices


@dataclass
class Handling:
    """Made inside an action's transaction and gone with it; `journey` is always where the case stands now."""

    row: Case
    journey: Journey
    by: Actor
    as_of: datetime
    _known: Known | None = None
    _found: dict[date, CaseAssessment] = field(default_factory=dict)
    _written: Journey | None = None

    @classmethod
    def of(cls, case_id: str, *, by: Actor, as_of: datetime) -> Handling:
        """Takes a case in hand until the transaction ends. Raises ConflictError where there is none."""
        row = locked(case_id)
        return cls(row, journey_of(row), by, as_of)

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

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Working days."""
        return offices.calendar()

    @cached_property
    def pauses(self) -> tuple[Pause, ...]:
        """When the clock stood still, before this act."""
        return pauses_of(self.row)

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
        if self._known is None:
            self._known = known_of(self.row, by=self.by, as_of=self.as_of)
        if on not in self._found:
            self._found[on] = assess(self.row, self._known, on=on)
        return self._found[on]

    def has_granted(self) -> None:
        """What was known before a grant may no longer hold."""
        self._known = None
        self._found.clear()

    def go_on(self, after: Journey, *, note: str = "") -> None:
        """Stands where an act led, and writes what it changed, now or at the end of `writing_once`."""
        before, self.journey = self.journey, after
        self.row.version += 1
        if self._written is None:
            self._write(before, note)

    @contextmanager
    def writing_once(self) -> Iterator[None]:
        """Acts that follow each other in one transaction are written together when the last of them is done."""
        self._written = before = self.journey
        yield
        self._written = None
        if self.journey is not before:
            self._write(before, "")

    def _write(self, before: Journey, note: str) -> None:
        save(self.row, before, self.journey, self.calendar, self.pauses, by=self.by, as_of=self.as_of, note=note)

    def record(self, kind: str, fields: Mapping[str, Json]) -> None:
        """Leaves a fact about the case."""
        ledger.record(kind=kind, about=self.row.id, fields=fields, by=self.by, as_of=self.as_of)

    def tell(self, template: str, values: Mapping[str, str | tuple[str, str]]) -> None:
        """Tells the subject."""
        telling.tell(self.row, template, values, by=self.by, as_of=self.as_of)
