"""What a grant's rules give once more, from the facts frozen when it was granted: asked before its money leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.rules import Answer
from zhida.kernel.cases.assessing import one_record
from zhida.kernel.cases.payments import Inputs, inputs_of
from zhida.kernel.cases.reruns import revived
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.past import Past
from zhida.kernel.entitlements.past_then import past_before
from zhida.kernel.ledger import queries as ledger


@dataclass(frozen=True)
class Recomputed:
    """What a revision gives a grant, in fen; None where its facts do not carry it, or are not kept as they were.

    `is_untouched` is false where the facts are not those that the ledger sealed with the grant; `by` names the revision
    and the day.
    """

    by: str
    amount_fen: int | None
    is_untouched: bool


def recompute(grant_ids: Collection[str]) -> dict[str, Recomputed]:
    """Each grant (an entitlement's id) of a case computed again.

    Left out: what no case set in motion, and what was granted before its facts were kept for every instalment.
    """
    kept = inputs_of(grant_ids)
    sealed = ledger.first_facts("entitlement.granted", list(kept))
    found = {}
    for grant, inputs in kept.items():
        fact = sealed.get(grant)
        named = fact.fields.get("inputs", "") if fact and "inputs" not in fact.erased else None
        if inputs is None:
            if named != "":
                found[grant] = Recomputed("", None, is_untouched=False)
            continue
        is_untouched = inputs.digest == _digest(inputs) and named in ("", inputs.digest)
        amount_fen = _amount_fen(grant, inputs) if is_untouched else None
        found[grant] = Recomputed(f"{inputs.case.revision_id} on {inputs.on}", amount_fen, is_untouched)
    return found


def _digest(inputs: Inputs) -> str:
    whole = {"facts": inputs.facts, "assessment": inputs.assessment, "on": inputs.on.isoformat()}
    return hashlib.sha256(canonical_json(whole)).hexdigest()


def _amount_fen(grant: str, inputs: Inputs) -> int | None:
    row, day = inputs.case, inputs.on
    item = catalogue.item_of(row.revision_id, row.item)
    published = PublishedItem(item, catalogue.revision(row.revision_id), row.revision_id)
    facts = revived(inputs.facts, item.program.schema)
    past = Past(row.subject_id, day, {}, {}, frozenset())
    if item.group or item.counts or item.for_each:  # what was granted before changes the sum
        past = past_before(published, row.subject_id, facts, day, case_id="", decision=grant)
    whole = entitlements.assess_facts(published, row.subject_id, facts, day, rulings=inputs.rulings, past=past)
    found = one_record(row, whole, facts)
    return found.amount_fen if found.answer is Answer.ENTITLED else None
