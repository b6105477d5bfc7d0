"""Two authors of one office, a published dictionary, and a draft of a made-up pack in its next version."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.unit.kernel.made_up_packs import MadeUp, root_files, shared
from zhida.domain.values import Actor, new_id
from zhida.kernel.catalogue import actions as catalogue
from zhida.services.authoring import working
from zhida.services.authoring.records import DraftRecord

HEADS = MadeUp()
ANN, BEN, EVE = (
    Actor("account_ann", "author", office="statistics"),
    Actor("account_ben", "author", office="statistics"),
    Actor("account_eve", "author", office="register"),
)


def own_files(pack: MadeUp = HEADS) -> dict[str, bytes]:
    """The files of a made-up pack without what packs share."""
    return {path: body for path, body in root_files(pack).items() if path.startswith(f"{pack.id}/")}


@pytest.fixture
def draft(db: None, actor: Actor, now: datetime) -> DraftRecord:
    """A draft of a pack that nobody has published."""
    catalogue.publish_shared(files=shared(), by=actor, as_of=now)
    draft_id = new_id("draft")
    working.begin(draft_id=draft_id, pack_id=HEADS.id, title="草稿", files=own_files(), by=ANN, as_of=now)
    return working.draft(draft_id, {"statistics"})
