"""A list of those who have not claimed, made for the grid worker, so that the pages of outreach show something."""

from datetime import datetime

from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.services.outreach import reaching, rounds


def make(now: datetime) -> tuple[str, str]:
    """The item, and the id of the list."""
    above, worker = (accounts.account_named(name).id for name in ("supervisor", "gridworker"))
    scope = offices.scope_of(above, duty="supervisor", as_of=now, purpose="journey")
    within = offices.scope_of(worker, duty="gridworker", as_of=now, purpose="journey").regions
    listed = {one.item for one in rounds.rounds(worker=worker)}
    for card in catalogue.item_cards(as_of=now):
        for one in reaching.coverage(card.item_id, scope=scope):
            if one.unclaimed and one.region in within and card.item_id not in listed:
                new = rounds.NewRound(new_id("round"), card.item_id, one.region, "visit", "上门告知", worker)
                rounds.make_round(new=new, scope=scope, by=Actor(above, "supervisor"), as_of=now)
                return card.item_id, new.round_id
    raise AssertionError("nobody is left over")
