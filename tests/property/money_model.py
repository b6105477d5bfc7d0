"""What the money must do, said as simply as can be: a list of payments and a total; every figure is a sum over them.

It shares nothing with the product: no postings, no running standing, no transition table. Each act gives the
code of its refusal, or "" where it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LIVE = ("reserved", "instructed", "unknown", "settled")
OPEN = ("instructed", "unknown")


@dataclass
class Payment:
    """One try to pay a grant."""

    id: str
    grant: str
    fen: int
    state: str = "reserved"
    recovered: int = 0
    sent: int = 0


@dataclass
class Model:
    """One line, one standing release over a part of it, and everything that was ever reserved."""

    total: int
    cap: int
    frozen: bool = False
    payments: dict[str, Payment] = field(default_factory=dict)
    recoveries: set[str] = field(default_factory=set)

    def _sum(self, *states: str) -> int:
        return sum(each.fen for each in self.payments.values() if each.state in states)

    @property
    def standing(self) -> dict[str, int]:
        """The six figures of the line."""
        back = self._sum("returned") + sum(each.recovered for each in self.payments.values())
        held = {
            "committed": self._sum("reserved"),
            "in_flight": self._sum(*OPEN),
            "paid": self._sum("settled", "returned"),
        }
        return {"total": self.total, "available": self.total - sum(held.values()) + back, "returned": back, **held}

    @property
    def used(self) -> int:
        """What counts against the release's cap: all that was reserved and not freed again."""
        return self._sum("reserved", *OPEN, "settled", "returned")

    def reserve(self, id: str, grant: str, fen: int) -> str:  # noqa: A002 (an id is what it is)
        """Money for a grant that has no live payment."""
        if self.frozen:
            return "line_frozen"
        if self.used + fen > self.cap:
            return "release_exhausted"
        if fen > self.standing["available"]:
            return "over_committed"
        if id in self.payments or any(each.grant == grant and each.state in LIVE for each in self.payments.values()):
            return "already_reserved"
        self.payments[id] = Payment(id, grant, fen)
        return ""

    def instruct(self, payment: Payment) -> str:
        """On its way, not sent yet."""
        if self.frozen:
            return "line_frozen"
        if payment.state != "reserved":
            return "not_reserved"
        payment.state = "instructed"
        return ""

    def recall(self, payment: Payment) -> str:
        """Taken back before anything was sent."""
        if payment.state == "voided":
            return ""
        if payment.state in ("reserved", "instructed"):
            payment.state = "voided"
            return ""
        return "out_of_order" if payment.state == "unknown" else "contradicts_end"

    def send(self, payment: Payment, *, deduplicates: bool) -> bool:
        """Whether an order leaves for the bank."""
        may = payment.state == "instructed" or (payment.state == "unknown" and deduplicates)
        if self.frozen or not may:
            return False
        payment.state = "unknown"
        payment.sent += 1
        return True

    def hear(self, payment: Payment, word: str, fen: int) -> str:
        """News of the bank; the code of what a person must look at."""
        state = payment.state
        if word in ("paid", "returned") and fen != payment.fen:
            return "wrong_amount"
        if state in OPEN:
            ends = {"paid": "settled", "refused": "voided", "returned": "returned"}
            payment.state = ends.get(word, "unknown")
            return ""
        if word in ("pending", "absent"):
            return "out_of_order" if state == "reserved" else ""
        return self._hear_late(payment, word)

    def _hear_late(self, payment: Payment, word: str) -> str:
        state = payment.state
        if state == "reserved":
            return "out_of_order"
        if state == "settled" and word == "returned":
            if payment.recovered:
                return "recovered_before"
            payment.state = "returned"
            return ""
        same = {"settled": ("paid",), "voided": ("refused",), "returned": ("paid", "returned")}
        return "" if word in same[state] else "contradicts_end"

    def recover(self, recovery: str, payment: Payment, fen: int) -> str:
        """A payee gives back some of what they hold."""
        if payment.state != "settled" or payment.recovered + fen > payment.fen:
            return "cannot_recover"
        if recovery in self.recoveries:
            return "already_recovered"
        self.recoveries.add(recovery)
        payment.recovered += fen
        return ""

    def adjust(self, change: int) -> str:
        """More money for the line, or less of what is still available."""
        if -change > self.standing["available"]:
            return "line_holds_too_little"
        self.total += change
        return ""

    def freeze(self, frozen: bool) -> str:
        """Stops the line, or lets it go on."""
        if self.frozen is frozen:
            return "line_not_so"
        self.frozen = frozen
        return ""
