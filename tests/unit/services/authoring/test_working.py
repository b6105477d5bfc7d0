"""Drafts keep every edit as a fact, and let no edit overwrite another that its author has not seen."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.unit.kernel.made_up_packs import root_files
from tests.unit.services.authoring.conftest import ANN, BEN, EVE, HEADS, own_files
from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.packs import read_root, revision_of
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.ledger import queries as ledger
from zhida.services.authoring import checking, working
from zhida.services.authoring.records import DraftRecord

ITEMS = f"{HEADS.id}/items.yaml"


def kinds(about: str) -> list[str]:
    return [entry.kind for entry in ledger.entries_about(about)]


def edit(draft: DraftRecord, by: Actor, now: datetime, version: int = 1, body: bytes | None = b"x\n") -> None:
    working.write(
        draft_id=draft.id, version=version, files={ITEMS: body}, by=by, as_of=now, why="draft.edited", told={}
    )


def test_a_draft_reads_as_the_pack_that_its_folder_would_be(draft: DraftRecord) -> None:
    reading = checking.read(draft)
    assert reading.pack is not None
    assert reading.problems == ()
    from_folder = read_root(root_files(HEADS))
    same = revision_of(from_folder, from_folder.packs[HEADS.id])
    assert revision_of(reading.root, reading.pack).files == same.files


def test_an_edit_is_a_fact_with_the_digest_of_what_was_written(draft: DraftRecord, now: datetime) -> None:
    edit(draft, BEN, now)
    changed = working.draft(draft.id, None)
    assert (changed.version, changed.files[ITEMS], changed.hands) == (2, b"x\n", (ANN.account, BEN.account))
    assert kinds(draft.id) == ["draft.begun", "draft.edited"]
    assert ITEMS in ledger.entries_about(draft.id)[-1].fields["files"]


def test_an_edit_over_a_version_that_is_gone_is_refused(draft: DraftRecord, now: datetime) -> None:
    edit(draft, BEN, now)
    with pytest.raises(ConflictError, match="draft_changed"):
        edit(draft, ANN, now, body=b"y\n")
    assert working.draft(draft.id, None).files[ITEMS] == b"x\n"


def test_a_file_is_taken_away(draft: DraftRecord, now: datetime) -> None:
    edit(draft, ANN, now, body=None)
    assert ITEMS not in working.draft(draft.id, None).files


def test_another_office_neither_sees_nor_edits(draft: DraftRecord, now: datetime) -> None:
    assert working.drafts({"register"}) == ()
    with pytest.raises(ConflictError, match="no_such_draft"):
        working.draft(draft.id, {"register"})
    with pytest.raises(ConflictError, match="no_such_draft"):
        edit(draft, EVE, now)


def test_another_duty_writes_nothing(draft: DraftRecord, now: datetime) -> None:
    with pytest.raises(AccessError, match="wrong_duty"):
        edit(draft, Actor("account_ann", "reviewer", office="statistics"), now)


def test_begun_twice_it_is_one(draft: DraftRecord, now: datetime) -> None:
    working.begin(draft_id=draft.id, pack_id="other/other", title="x", files={}, by=ANN, as_of=now)
    assert [one.pack_id for one in working.drafts(None)] == [HEADS.id]


def test_too_much_is_refused(draft: DraftRecord, now: datetime) -> None:
    with pytest.raises(ConflictError, match="draft_too_large"):
        edit(draft, ANN, now, body=b"x" * (5 * 1024 * 1024))


def test_dropped_it_is_listed_no_more_and_closed(draft: DraftRecord, now: datetime) -> None:
    working.drop(draft_id=draft.id, version=1, by=ANN, as_of=now)
    assert working.drafts(None) == ()
    with pytest.raises(ConflictError, match="draft_closed"):
        edit(draft, ANN, now, version=2)


def test_a_remark_stands_at_its_place_until_it_is_settled(draft: DraftRecord, now: datetime) -> None:
    remark = new_id("remark")
    for _ in range(2):
        working.remark(remark_id=remark, draft_id=draft.id, place="a1", words="含本数吗", by=BEN, as_of=now)
    (told,) = working.remarks(draft.id)
    assert (told.place, told.words, told.is_settled) == ("a1", "含本数吗", False)
    working.settle_remark(remark_id=remark, by=ANN, as_of=now)
    assert working.remarks(draft.id)[0].is_settled
    assert kinds(draft.id)[1:] == ["draft.remarked", "draft.remark_settled"]
    with pytest.raises(InvariantBroken):
        working.remark(remark_id=new_id("remark"), draft_id=draft.id, place="", words=" ", by=BEN, as_of=now)


def test_a_check_tells_all_mistakes_at_once(draft: DraftRecord, now: datetime) -> None:
    broken = {ITEMS: own_files()[ITEMS].replace(b"claim: automatic", b"claim: never").replace(b"place", b"nowhere")}
    working.write(draft_id=draft.id, version=1, files=broken, by=ANN, as_of=now, why="draft.edited")
    report = checking.check(working.draft(draft.id, None), local_date(now))
    assert len(report.reading.problems) >= 2
    assert not report.can_be_proposed


def test_a_check_of_a_sound_draft_tells_tier_and_readiness(draft: DraftRecord, now: datetime) -> None:
    report = checking.check(draft, local_date(now))
    assert report.can_be_proposed
    assert report.failed == ()
    assert [one.item for one in report.readiness] == [f"{HEADS.id}/pay"]
