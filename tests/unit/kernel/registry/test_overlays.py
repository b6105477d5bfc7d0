"""Single changes: at once in force, laid into the next snapshot, gone when the source has caught up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from zhida.domain.errors import ConflictError
from zhida.domain.values import FactKey, Scope, SubjectKind
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.models import Overlay

FIRM = SubjectKind.ORGANISATION
ALL = Scope.system("screening")
KEY = "revenue_fen@2025"


@pytest.fixture
def book(firms, dictionary, actor, now, today):
    """What the tests do to the first firm, a day apart each time."""

    class Book:
        moment = now

        def source(self, fen: int | None, days: int) -> None:
            self._tick()
            rows = [{"subject": firms[0], KEY: fen}]
            actions.receive_batch(
                kind=FIRM, source="tax", rows=rows, observed_on=today + timedelta(days), by=actor, as_of=self.moment
            )

        def change(self, fen: int | None, days: int, nature: str = "correction") -> None:
            self._tick()
            actions.record_fact(
                subject_id=firms[0],
                key=KEY,
                value=fen,
                source="tax",
                observed_on=today + timedelta(days),
                nature=nature,
                by=actor,
                as_of=self.moment,
            )

        def build(self):
            self._tick()
            return actions.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=self.moment, by=actor)

        def fen(self) -> int | None:
            fact = queries.facts_of(firms[0], scope=ALL, as_of=self.moment).get(FactKey.parse(KEY))
            return fact.value if fact else None

        def _tick(self) -> None:
            self.moment += timedelta(minutes=1)

    return Book()


def test_a_change_is_in_force_before_and_after_the_next_snapshot(book, firms) -> None:
    book.source(1, 0)
    before = book.build()
    book.change(2, 1)
    assert book.fen() == 2
    assert queries.changed_since(before) == {firms[0]}
    after = book.build()
    assert book.fen() == 2
    assert queries.changed_since(after) == frozenset()
    assert queries.read_snapshot(after)[KEY].to_pylist().count(2) == 1


def test_a_correction_stays_until_its_source_agrees(book) -> None:
    book.source(1, 0)
    book.change(2, 1)
    book.source(1, 2)
    book.build()
    assert book.fen() == 2, "the source repeats its error"
    book.source(2, 3)
    book.build()
    assert book.fen() == 2
    book.source(3, 4)
    book.build()
    assert book.fen() == 3, "the source agreed, and then told something new"


def test_an_older_correction_does_not_come_back_when_the_newer_one_ends(book) -> None:
    book.source(1, 0)
    book.change(5, 1)
    book.change(2, 1)
    book.source(2, 2)
    book.build()
    book.source(7, 3)
    book.build()
    assert book.fen() == 7
    assert not Overlay.objects.filter(ended_by="").exists()


@pytest.mark.parametrize("nature", ["declaration", "event"])
def test_a_declared_answer_or_event_holds_until_the_source_speaks_of_a_later_date(nature, book) -> None:
    book.source(1, 0)
    book.change(2, 3, nature)
    book.source(9, 3)
    book.build()
    assert book.fen() == 2
    book.source(9, 4)
    book.build()
    assert book.fen() == 9


def test_a_value_known_to_be_wrong_becomes_unknown(book) -> None:
    book.source(1, 0)
    book.build()
    book.change(None, 1)
    assert book.fen() is None
    book.build()
    assert book.fen() is None


def test_the_past_is_read_as_it_was_known(book, firms) -> None:
    book.source(1, 0)
    book.build()
    then = book.moment
    book.change(2, 1)
    book.build()
    facts = queries.facts_of(firms[0], scope=ALL, as_of=then)
    assert facts.known[FactKey.parse(KEY)].value == 1


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("turnover@2025", 1, "unknown_attribute"),
        ("revenue_fen", 1, "wrong_period"),
        (KEY, Decimal("0.5"), "wrong_type"),
        (KEY, True, "wrong_type"),
        (KEY, 2**63, "wrong_type"),
        ("size", "huge", "wrong_type"),
    ],
)
def test_what_does_not_fit_the_dictionary_is_refused_whole(key, value, code, firms, actor, now, today) -> None:
    good = actions.Change(firms[0], KEY, 1, "tax", today)
    with pytest.raises(ConflictError, match=code):
        actions.record_facts(changes=[good, actions.Change(firms[0], key, value, "tax", today)], by=actor, as_of=now)
    assert not Overlay.objects.exists()


def test_positions_follow_each_other(firms, actor, now, today) -> None:
    changes = [actions.Change(one, KEY, 1, "tax", today) for one in firms]
    assert actions.record_facts(changes=changes, by=actor, as_of=now) == range(1, 5)
    assert actions.record_facts(changes=changes, by=actor, as_of=now) == range(5, 9)
