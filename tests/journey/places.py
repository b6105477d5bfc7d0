"""Run inside the installation: prints the ids that addresses need, so that no page lacks something to show."""

from tests.journey.drafts import drafted
from tests.journey.simulating import simulated
from zhida.domain.values import Scope
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import queries as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.kernel.registry import queries as registry

ALL = Scope.system("journey")


def run() -> dict[str, object]:
    """Everything that the journeys ask for by name."""
    as_of = clock().now()
    everything = cases.cases(scope=ALL, limit=1000)
    mine = {name: _mine(name, as_of) for name in ("firm", "person", "household")}
    closed = next(case for case in everything if case.state == "closed" and case.outcome == "granted")
    notice = {case.id for case, _ in cases.on_notice(as_of=as_of)}
    waiting = [case.id for case in everything if case.state == "in_review" and case.id not in notice]
    own = next((case for name in mine for case in mine[name]["cases"] if case["state"] != "draft"), None)
    return {
        "mine": mine,
        "closed": closed.id,
        "waiting": waiting,
        "owned": own,
        "entries": [fact.id for fact in ledger.entries_about(own["id"])] if own else [],
        "lines": [line.id for line in funds.lines(scope=ALL)],
        "ready": [
            one.line
            for one in funds.disbursements(scope=ALL, limit=500)
            if str(one.state) == "reserved" and not one.batch
        ],
        "batches": [batch.id for batch in funds.batches(scope=ALL, is_open=False)],
        "releases": [one.id for line in funds.lines(scope=ALL) for one in funds.releases(line.id, as_of=as_of)],
        "items": {item.item_id: item.claim for item in catalogue.item_cards(as_of=as_of)},
        "notice": sorted(notice),
        "simulated": simulated(as_of),
        **drafted(as_of),
    }


def _mine(login: str, as_of) -> dict[str, object]:
    account = accounts.account_named(login)
    subjects = sorted(offices.mandates_of(account.id, as_of)) if account else []
    kept = [
        {"id": case.id, "item": case.item, "state": case.state, "outcome": case.outcome}
        for subject in subjects
        for case in cases.cases(scope=ALL, subject_id=subject)
    ]
    codes = [registry.subject(subject, scope=ALL).credit_code for subject in subjects]
    return {"subjects": subjects, "cases": kept, "codes": codes}
