"""A mirror keeps what was proven, notices a log that shrank or forked, and gives back rows that were damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.guards import lifted
from zhida.domain.errors import ConflictError, InvariantBroken, ZhidaError
from zhida.domain.proofs import Cosigner, SigningKey, verify_checkpoint
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.bulk import rows_between
from zhida.kernel.ledger.models import Entry, Leaf, Node, Payload
from zhida.kernel.ledger.ports import log_key, tiles
from zhida.kernel.ledger.publishing import publish
from zhida.kernel.ledger.verification import verify
from zhida.services.mirroring.following import Followed, follow
from zhida.services.mirroring.repairing import repair_from
from zhida.services.mirroring.source import MirrorFolder

pytestmark = pytest.mark.django_db
WITNESS = Cosigner("audit.example", bytes(range(32)))


@pytest.fixture
def mirror(tmp_path: Path) -> MirrorFolder:
    return MirrorFolder(tmp_path / "mirror")


@pytest.fixture
def grow(actor: Actor, now: datetime) -> Callable[[int], list[str]]:
    """So many facts more, sealed, cosigned and published."""

    def grow(count: int) -> list[str]:
        with transaction.atomic():
            facts = [actions.NewFact("case.decided", "case_1", {"amount_fen": n, "why": "甲"}) for n in range(count)]
            ids = actions.record_all(facts=facts, by=actor, as_of=now)
        actions.sequence(as_of=now)
        head = verify_checkpoint(actions.seal(as_of=now), log_key().verifiers())
        line = WITNESS.cosign(head.text, 1_772_503_200)
        actions.keep_cosignature(size=head.size, key=WITNESS.verifier, line=line)
        publish()
        return list(ids)

    return grow


def fields_of(index: int) -> dict[str, str]:
    return {row.entry_id: row.fields for row in rows_between(index * 256, index * 256 + 256) if row.fields}


def followed(mirror: MirrorFolder) -> Followed:
    return follow(read=tiles().read, mirror=mirror, keys=log_key().verifiers(), payloads=fields_of)


def test_a_mirror_grows_with_the_log(mirror: MirrorFolder, grow: Callable[[int], list[str]]) -> None:
    for before, count in [(0, 3), (3, 260), (263, 300)]:
        grow(count)
        assert followed(mirror) == Followed(before, before + count)
    assert followed(mirror) == Followed(563, 563)
    assert mirror.read("checkpoint") == tiles().read("checkpoint")


def test_a_log_that_shrank_or_forked_is_not_followed(
    mirror: MirrorFolder, grow: Callable[[int], list[str]], tmp_path: Path
) -> None:
    grow(5)
    old = {path: path.read_bytes() for path in (settings.HOME / "log").rglob("*") if path.is_file()}
    grow(5)
    followed(mirror)
    for path, data in old.items():
        path.write_bytes(data)
    with pytest.raises(InvariantBroken, match="log_shrank"):
        followed(mirror)
    with pytest.raises(InvariantBroken):
        follow(
            read=tiles().read, mirror=mirror, keys=[SigningKey(log_key().signer().verifier.name, bytes(32)).verifier]
        )


def test_what_is_erased_is_erased_in_the_mirror(
    mirror: MirrorFolder, grow: Callable[[int], list[str]], actor: Actor, now: datetime
) -> None:
    (first, *_) = grow(300)
    followed(mirror)
    assert "why" in json.loads(mirror.payloads(0)[first])
    actions.erase(entry_id=first, names=["why"], reason="asked for", by=actor, as_of=now)
    grow(1)
    followed(mirror)
    assert json.loads(mirror.payloads(0)[first]).keys() == {"amount_fen", "by"}


def _flip_field() -> None:
    payload = Payload.objects.get(entry__leaf__position=2)
    Payload.objects.filter(pk=payload.pk).update(fields=payload.fields.replace("甲", "乙"))


DAMAGES: dict[str, tuple[Callable[[], object], set[str]]] = {
    "a column": (lambda: Entry.objects.filter(leaf__position=2).update(about="case_x"), {"about"}),
    "a field": (_flip_field, {"why"}),
    "all fields": (lambda: Payload.objects.filter(entry__leaf__position=2).delete(), {"amount_fen", "by", "why"}),
    "a leaf": (lambda: Leaf.objects.filter(position=2).delete(), {"leaf"}),
    "a leaf's place": (lambda: Leaf.objects.filter(position=2).update(position=900), {"leaf.position"}),
    "a node": (lambda: Node.objects.filter(place=4).update(hash=bytes(32)), {"node 4"}),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_row_is_restored_and_the_log_says_so(
    name: str, mirror: MirrorFolder, grow: Callable[[int], list[str]], actor: Actor, now: datetime
) -> None:
    ids = grow(9)
    followed(mirror)
    damage, restored = DAMAGES[name]
    with lifted(), connection.constraint_checks_disabled():
        damage()
    assert not verify().ok

    def repair(record: str, read: Callable[[str], bytes | None] = mirror.read, trusted: Cosigner = WITNESS) -> set[str]:
        said = {"mirror": "there", "by": actor, "as_of": now, "payloads": mirror.payloads}
        return set(repair_from(record=record, read=read, witnesses=[trusted.verifier], **said))

    with pytest.raises(InvariantBroken, match="not_cosigned"):
        repair("2", trusted=Cosigner("other.example", bytes(32)))
    with pytest.raises(ConflictError, match="no_such_record"):
        repair("entry_nobody")
    record = ids[2] if name == "a field" else "2"
    assert repair(record) == restored
    assert repair(record) == set()
    assert verify().ok
    (fact,) = queries.entries_of_kind("ledger.repaired")
    assert (fact.about, fact.fields["position"], fact.fields["witnesses"]) == (ids[2], 2, ["audit.example"])
    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        Entry.objects.update(kind="case.refused")


def test_a_mirror_that_lies_restores_nothing(
    mirror: MirrorFolder, grow: Callable[[int], list[str]], actor: Actor, now: datetime
) -> None:
    grow(9)
    followed(mirror)

    def lying(path: str) -> bytes | None:
        data = mirror.read(path)
        return data.replace(b"case_1", b"case_2") if data and "entries" in path else data

    with pytest.raises(ZhidaError, match="not_proven"):
        repair_from(
            record="2",
            read=lying,
            payloads=mirror.payloads,
            witnesses=[WITNESS.verifier],
            mirror="there",
            by=actor,
            as_of=now,
        )
    assert not queries.entries_of_kind("ledger.repaired")
