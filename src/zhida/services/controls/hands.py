"""Whose hand may sign what: one duty, and never a person who signed before."""

from __future__ import annotations

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor


def require_hand(by: Actor, *duties: str, others: tuple[str, ...] = ()) -> None:
    """Raises AccessError `wrong_duty` unless the actor acts in one of the duties, `same_person` for who signed before.

    `others` are the accounts that signed before; a database constraint keeps them apart as well.
    """
    if by.duty not in duties:
        asked = " or ".join(duties)
        raise AccessError("wrong_duty", f"this is for a {asked} to sign, not for a {by.duty}", f"ask a {asked}")
    if by.account in others:
        raise AccessError("same_person", "each signature is another person's", "ask a colleague to sign")
