"""One witness over HTTP (c2sp.org/tlog-witness); who they are stands in a file, a key and an address on each line."""

from __future__ import annotations

from pathlib import Path

import httpx

from zhida.domain.errors import InvariantBroken, RetryableOutside
from zhida.domain.proofs import VerifierKey

_LARGEST_REPLY = 1 << 16


class HttpWitness:
    """A WitnessPort at one address. A call waits `timeout_s` at most."""

    def __init__(
        self, key: VerifierKey, address: str, *, timeout_s: float = 5.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Raises InvariantBroken for a key that is not a witness's."""
        if not key.is_witness:
            raise InvariantBroken("malformed_key", f"{key.name} is a log's key, not a witness's")
        self.key = key
        self._address = f"{address.rstrip('/')}/add-checkpoint"
        self._timeout_s, self._transport = timeout_s, transport

    def add_checkpoint(self, request: bytes) -> tuple[int, str]:
        """Status and text of the reply. Raises RetryableOutside where none came."""
        try:
            with httpx.Client(timeout=self._timeout_s, transport=self._transport, trust_env=False) as client:
                reply = client.post(self._address, content=request)
            return reply.status_code, reply.content[:_LARGEST_REPLY].decode()
        except (httpx.HTTPError, UnicodeDecodeError) as error:
            raise RetryableOutside("no_witness", f"{self.key.name}: {type(error).__name__}") from error


def read_witnesses(path: Path) -> tuple[HttpWitness, ...]:
    """The witnesses of a file, none where it is not there; empty lines and lines with # are left out.

    Raises InvariantBroken for a line that is not a key, a space and an address.
    """
    if not path.exists():
        return ()
    lines = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
    if any(len(words) != 2 for words in lines):
        raise InvariantBroken("malformed_witnesses", f"{path.name}: a line is a witness's key and its address")
    return tuple(HttpWitness(VerifierKey.parse(key), address) for key, address in lines)
