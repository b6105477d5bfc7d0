"""Sessions in the database, sealed: what a person typed and is asked to confirm waits there, an account number too.

Django signs what it keeps of a session and does not hide it; a dump of the database would tell it.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as OpenStore

from zhida.surfaces.look.sealing import seal, unseal


class SessionStore(OpenStore):
    """Django's own store with what it writes sealed."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The session as text that only this installation reads."""
        return seal(json.dumps(session_dict), "sessions")

    def decode(self, session_data: str) -> dict[str, Any]:
        """The session again; {} for one that this installation did not seal: its person logs in anew."""
        found: dict[str, Any] = json.loads(unseal(session_data, "sessions") or "{}")
        return found
