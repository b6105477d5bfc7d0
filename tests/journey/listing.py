"""A list of those who have not claimed, made for the grid worker, so that the pages of outreach show something."""

from datetime import datetime

from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.services.outreach import reaching, rounds
from zhida.surfaces.desk.presenters.reaching import building_attributes


def make(now: datetime) -> tuple[str, str, str]:
    """The item, the id of the list, and its place."""
    above, worker = (accounts.account_named(name).id for name in ("supervisor", "gridworker"))
    scope = offices.scope_of(above, duty="supervisor", as_of=now, purpose="journey")
    within = offices.scope_of(worker, duty="gridworker", as_of=now, purpose="journey").regions
    where = building_attributes(catalogue.root().dictionary)
    listed = {one.item for one in rounds.rounds(worker=worker)}
    for card in catalogue.item_cards(as_of=now):
        for one in reaching.coverage(card.item_id, scope=scope):
            if one.unclaimed and one.region in within and card.item_id not in listed:
                new = rounds.NewRound(new_id("round"), card.item_id, one.region, "visit", "上门告知", worker)
                rounds.make_round(new=new, scope=scope, by=Actor(above, "supervisor"), as_of=now,
                                  attributes=where)  # fmt: skip
                return card.item_id, new.round_id, one.region
    raise AssertionError("nobody is left over")
