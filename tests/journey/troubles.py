"""Money in trouble, for the pages that deal with it: a silent bank, a payment that comes back, a bad statement.

Run inside the installation. What a treasury would say is said here, through the actions that take its word.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from zhida.domain.postings import State, StatementLine, Word
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import actions as cases
from zhida.kernel.funds import actions, queries
from zhida.kernel.funds.ports import Answer, Payee

ALL = Scope.system("journey")
SYSTEM = Actor("system", "system")


def make(as_of: datetime) -> dict[str, str]:
    """Makes the troubles; the ids of the payments they are about."""
    today = local_date(as_of)
    settled = queries.disbursements(scope=ALL, states=[State.SETTLED], limit=500)
    back, doubtful, other = settled[0], settled[1], settled[2]
    news = Answer(back.reference, Word.RETURNED, back.amount_fen, "T-BACK", "账户已销户", today)
    cases.record_outcomes(answers=[news], by=SYSTEM, as_of=as_of)
    silent, signed = _silent(as_of), _signed(as_of)
    lines = [
        _line(doubtful, today, amount_fen=doubtful.amount_fen + 100),
        _line(other, today, account_tail="0001"),
        replace(_line(other, today), reference="NOT-OURS", treasury_reference="T-EXTRA"),
    ]
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=today, lines=lines, by=SYSTEM, as_of=as_of)
    finding = next(one.id for one in queries.findings() if one.disbursement_id == other.id)
    day = today.isoformat()
    held = {"returned": back.id, "unknown": silent, "settled": other.id}
    return {**held, "finding": finding, "day": day, "to_release": signed}


def _silent(as_of) -> str:
    """Two payments of one line released by three hands and sent, and no word of them."""
    sent = as_of - timedelta(hours=30)
    chosen, batch, digest, releaser = _checked(sent, 2)
    actions.release_batch(batch_id=batch, digest=digest, by=releaser, as_of=sent)
    found = queries.disbursements(scope=ALL, batch=batch)
    payees = {one.account_ref: Payee("无名", "6200000000000018") for one in found}
    actions.mark_sent(disbursement_ids=chosen, payees=payees, deduplicates=False, by=SYSTEM, as_of=sent)
    return chosen[0]


def _signed(as_of) -> str:
    """A batch of one payment that two hands have signed; the third is to release it."""
    return _checked(as_of, 1)[1]


def _checked(as_of, count: int) -> tuple[list[str], str, str, Actor]:
    """Payments of one line made into a batch and checked: their ids, the batch, its digest, who may release it."""
    line = next(line for line in queries.lines(scope=ALL) if _free(line.id))
    maker, checker, releaser = (
        Actor(accounts.account_named(name).id, name, office=line.office) for name in ("maker", "checker", "releaser")
    )
    chosen, batch = _free(line.id)[:count], new_id("batch")
    digest = actions.prepare_batch(batch_id=batch, disbursement_ids=chosen, by=maker, as_of=as_of)
    actions.check_batch(batch_id=batch, digest=digest, by=checker, as_of=as_of)
    return chosen, batch, digest, releaser


def _free(line: str) -> list[str]:
    waiting = queries.disbursements(scope=ALL, line=line, states=[State.RESERVED], limit=500)
    return [one.id for one in waiting if not one.batch and not one.release]


def _line(one, day, *, amount_fen: int = 0, account_tail: str = "") -> StatementLine:
    amount, tail = amount_fen or one.amount_fen, account_tail or one.account_tail
    return StatementLine(f"T-{one.reference}", one.reference, Word.PAID, amount, tail, day)
