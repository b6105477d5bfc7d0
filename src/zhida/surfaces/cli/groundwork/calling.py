"""A list of people to call on, for the demonstration's grid worker: entitled, in their place, nothing claimed yet."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.services.outreach import reaching, rounds

SUPERVISOR, WORKER = "supervisor", "gridworker"


def list_left_over(*, as_of: datetime) -> int:
    """Lists those left over of the first item for persons or households, in the worker's place where most are; how
    many, none where nobody is left over or nobody plays the worker."""
    above, worker = accounts.account_named(SUPERVISOR), accounts.account_named(WORKER)
    if above is None or worker is None:
        return 0
    scope = offices.scope_of(above.id, duty=SUPERVISOR, as_of=as_of, purpose="demonstration")
    within = offices.scope_of(worker.id, duty=WORKER, as_of=as_of, purpose="demonstration").regions or frozenset()
    for published in catalogue.items(as_of=as_of):
        if published.item.audience is SubjectKind.ORGANISATION:
            continue
        left = [one for one in reaching.coverage(published.item.id, scope=scope) if one.region in within]
        if left and left[0].unclaimed:
            title = published.pack.words["zh"].items[published.item.name].title
            new = rounds.NewRound(
                new_id("round"), published.item.id, left[0].region, "visit", f"上门告知{title}", worker.id
            )
            return rounds.make_round(new=new, scope=scope, by=Actor(above.id, SUPERVISOR), as_of=as_of)
    return 0
