"""Bank accounts for payment orders, opened in the registry at the moment of paying."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhida.domain.errors import ConflictError
from zhida.kernel.funds.ports import Payee
from zhida.kernel.registry import queries as registry


class RegistryPayees:
    """A PayeePort over the registry's sealed accounts; an account that is not there is left out, so not paid."""

    def payees(self, account_refs: Collection[str]) -> Mapping[str, Payee]:
        """The payee behind each reference."""
        found = {}
        for reference in account_refs:
            try:
                holder, number = registry.payee(reference)
            except ConflictError:
                continue
            found[reference] = Payee(holder, number)
        return found
