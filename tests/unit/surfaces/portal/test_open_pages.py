"""What everybody reads: figures that close, a worked example, a policy that was replaced."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from tests.unit.kernel.made_up_packs import MadeUp, root_files, shared
from tests.unit.surfaces.api.conftest import HEADS, Place
from zhida.domain import packs
from zhida.domain.values import Actor
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.catalogue import queries
from zhida.services.figures.reading import Sums
from zhida.surfaces.look.charts import kept, tile_map
from zhida.surfaces.portal.presenters import figures, items, policies
from zhida.surfaces.portal.records.figures import PlaceLine

pytestmark = pytest.mark.django_db
OLD, NEW, NEWEST = MadeUp(name="old"), MadeUp(name="new"), MadeUp(name="newest")


def publish(pack: MadeUp, replaces: str, by: Actor, as_of: datetime) -> None:
    files = root_files(pack)
    if replaces:
        files[f"{pack.id}/pack.yaml"] += f"replaces: {replaces}\n".encode()
    root = packs.read_root(files)
    catalogue.publish(revision=packs.revision_of(root, root.packs[pack.id]), by=by, as_of=as_of)


@pytest.fixture
def replaced(actor: Actor, now: datetime) -> datetime:
    """Three policies, each taking the place of the one before."""
    catalogue.publish_shared(files=shared(), by=actor, as_of=now)
    publish(OLD, "", actor, now)
    publish(NEW, OLD.id, actor, now + timedelta(days=1))
    publish(NEWEST, NEW.id, actor, now + timedelta(days=2))
    return now + timedelta(days=3)


def test_a_replaced_policy_can_be_read_and_leads_on(replaced: datetime) -> None:
    for pack in (OLD, NEW, NEWEST):
        assert {one.pack_id for one in queries.lineage(pack.id)} == {OLD.id, NEW.id, NEWEST.id}
        page = policies.policy_page(pack.id, replaced)
        assert page.is_over is (pack is not NEWEST)
        assert [one.is_here for one in page.chain].count(True) == 1
        assert {one.href for one in page.chain} == {policies.policy_href(one.id) for one in (OLD, NEW, NEWEST)}
        assert bool(page.items) is (pack is NEWEST)
    assert queries.lineage("made-up/nothing") == ()


def test_a_policy_alone_has_no_chain(place: Place) -> None:
    html = Client().get(f"/policies/{HEADS.id}/").content.decode()
    assert "从哪件来" not in html
    assert "一看就懂" in html
    assert "问谁" in html


def test_the_worked_example_is_one_of_the_packs_own_cases(place: Place, now: datetime) -> None:
    page = items.item_page(HEADS.item, now)
    assert page.example is not None
    case = next(one for one in queries.item(HEADS.item, as_of=now).pack.golden if one.name == str(page.example.name))
    assert case.expected["pay"].answer == "entitled"
    assert "算给您看" in Client().get(f"/items/{HEADS.item}/").content.decode()


def test_figures_are_the_same_on_the_page_and_in_the_file(place: Place, now: datetime) -> None:
    page = figures.figures(now)
    people = {one.name: one.count for one in page.people}
    assert people["应享"] >= people["已申领"] >= people["已决定"] >= people["已同意"] >= people["已兑现"]
    assert Client().get("/figures/").status_code == 200
    answer = Client().get("/figures.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == len(page.items) + 1


def test_small_counts_are_hidden() -> None:
    line = place_line({"990102": Sums({"matched": 4, "claimed": 2, "paid": 1})})
    assert (line.entitled, line.claimed, line.share) == ("少于 5", "少于 5", "人数少，不显示")
    line = place_line({"990102": Sums({"matched": 100, "claimed": 2, "paid": 1})})
    assert line.share == "人数少，不显示", "one in a hundred is one"
    assert place_line({"990102": Sums({"matched": 100, "claimed": 20, "paid": 10})}).share == "10.0%"


def place_line(places: dict[str, Sums]) -> PlaceLine:
    return figures._place("990102", places["990102"], figures._back_of(places))


@pytest.mark.parametrize(
    ("column", "back"),
    [
        ({"a": 4, "b": 9, "c": 7}, {"a", "c"}),
        ({"a": 4, "b": 3, "c": 7}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 0, "d": 5, "e": 5}, {"a", "b", "d"}),
        ({"a": 5, "b": 0}, set()),
        ({"a": 4}, {"a"}),
    ],
)
def test_the_total_less_the_rest_does_not_give_a_small_count_away(column: dict[str, int], back: set[str]) -> None:
    assert figures._kept_back(column) == back
    hidden = sum(column[name] for name in back)
    assert hidden == 0 or hidden >= figures.FEWEST or len(back) == len(column)


def test_tiles_stand_apart_and_the_lowest_is_marked() -> None:
    drawn = tile_map([("甲", Decimal("0.49")), ("乙", Decimal("0.5")), ("丙", Decimal("0.95")), ("丁", Decimal(1)),
                      ("戊", Decimal("0.7"))])  # fmt: skip
    assert [tile.step for tile in drawn.tiles] == [1, 2, 5, 5, 3]
    assert [tile.name for tile in drawn.tiles if tile.is_lowest] == ["甲"]
    assert len({(tile.x, tile.y) for tile in drawn.tiles}) == 5
    assert all(tile.x + 68 <= drawn.width and tile.y + 68 <= drawn.height for tile in drawn.tiles)
    assert not any(tile.is_lowest for tile in tile_map([("甲", Decimal(1)), ("乙", Decimal(1))]).tiles)
    assert [step for step, _ in drawn.key] == [1, 2, 3, 4, 5]


def test_a_promise_is_drawn_against_what_came() -> None:
    late: Any = kept(Decimal(5), Decimal(10), Decimal(20))
    assert (late.promised, late.real, late.is_late) == ("25.00%", "50.00%", True)
    assert not kept(Decimal(5), Decimal(5), Decimal(0)).is_late
