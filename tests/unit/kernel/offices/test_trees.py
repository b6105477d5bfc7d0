"""The dated trees unfold rightly, moves included, and a tree that is none is refused with every reason."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.unit.kernel.offices.conftest import OFFICES, REGIONS
from zhida.domain.errors import AuthorError
from zhida.domain.values import Actor
from zhida.domain.values.closure import Link, Place, unfold
from zhida.kernel.ledger.queries import entries_about
from zhida.kernel.offices import queries
from zhida.kernel.offices.actions import NewRegion, load_offices, load_regions, regions_of

TODAY = date(2026, 3, 3)


def test_a_chain_unfolds_with_depths_and_narrowed_spans() -> None:
    places = [Place("a"), Place("b", "a", date(2020, 1, 1)), Place("c", "b", None, date(2021, 1, 1))]
    assert set(unfold(places)) == {
        Link("a", "a", 0, None, None),
        Link("b", "b", 0, date(2020, 1, 1), None),
        Link("a", "b", 1, date(2020, 1, 1), None),
        Link("c", "c", 0, None, date(2021, 1, 1)),
        Link("b", "c", 1, date(2020, 1, 1), date(2021, 1, 1)),
        Link("a", "c", 2, date(2020, 1, 1), date(2021, 1, 1)),
    }


def test_spans_that_never_meet_give_no_link() -> None:
    links = unfold([Place("a", "", None, date(2020, 1, 1)), Place("b", "a", date(2020, 1, 1))])
    assert {link.ancestor for link in links if link.node == "b"} == {"b"}


@pytest.mark.parametrize(
    ("places", "codes"),
    [
        ([Place("a", "x"), Place("b", "y")], ["unknown_parent", "unknown_parent"]),
        ([Place("a"), Place("b"), Place("c", "a"), Place("c", "b", TODAY)], ["two_places_at_once"]),
        ([Place("a", "b"), Place("b", "a")], ["circle"]),
        ([Place("a", "a")], ["circle"]),
    ],
)
def test_what_is_no_tree_is_refused(places: list[Place], codes: list[str]) -> None:
    with pytest.raises(AuthorError) as caught:
        unfold(places)
    assert [problem.code for problem in caught.value.problems] == codes


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_a_moved_zone_is_within_its_city_of_the_day() -> None:
    assert queries.regions_within(frozenset({"990100"}), date(2025, 12, 31)) == {"990100", "990102", "998001"}
    assert queries.regions_within(frozenset({"990100"}), TODAY) == {"990100", "990102"}
    assert queries.region_tree(TODAY).within("998001", "990200") is True
    assert queries.region_tree(date(2025, 6, 1)).within("998001", "990200") is False
    assert queries.region_tree(TODAY).names["990000"] == "明州"
    assert queries.region_names("en")["990000"] == "Mingzhou"


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_offices_unfold_and_are_named() -> None:
    assert queries.offices_within(frozenset({"treasury-linjiang"}), TODAY) == {"treasury-linjiang", "treasury-east"}
    assert queries.office("treasury").region == "990000"


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_loading_again_changes_nothing_and_what_is_left_out_stays(actor: Actor, now: datetime) -> None:
    before = queries.regions_within(frozenset({"990000"}), TODAY)
    assert load_regions(regions=REGIONS, by=actor, as_of=now) == 5
    assert load_regions(regions=[NewRegion("990300", "云岭", "990000")], by=actor, as_of=now) == 6
    assert queries.regions_within(frozenset({"990000"}), TODAY) == before | {"990300"}
    assert load_offices(offices=OFFICES[:1], by=actor, as_of=now) == 4
    roots = [fact.fields["root"] for fact in entries_about("regions")]
    assert (len(roots), roots[0]) == (3, roots[1])


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_a_code_tree_can_be_loaded_back(actor: Actor, now: datetime) -> None:
    tree = queries.region_tree(TODAY)
    load_regions(regions=regions_of(tree), by=actor, as_of=now)
    assert queries.region_tree(date(2025, 6, 1)).parents == tree.parents
