"""What the shipped packs ask of people: at least four fields of five are prefilled, and no application has more than
five pages. The figures stand in docs/reference/accessibility.md."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from zhida.domain import packs
from zhida.domain.packs import Claim

ROOT = Path(__file__).parents[4]
MOST_PAGES = 5
TOLD = ROOT / "docs" / "reference" / "accessibility.md"


class Asked(NamedTuple):
    """An item: how many fields the registry fills, how many are typed or handed in, and how many pages it takes."""

    item: str
    known: int
    typed: int
    pages: int


def asked() -> list[Asked]:
    """Every item of the shipped packs, counted as the portal asks it (surfaces/portal/presenters/applying)."""
    folder = ROOT / "packs"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = []
    for pack in packs.read_root(files).packs.values():
        for item in pack.items.values():
            elsewhere = frozenset().union(*(one.reads for one in pack.items.values())) - item.reads
            questions = [name for name in pack.form.questions if name not in elsewhere]
            papers = [name for name in pack.form.papers if name in item.requires]
            typed = len(questions) + len(papers) + bool(item.for_each)
            known = len(item.reads - set(pack.form.questions)) + len(pack.form.confirm)
            is_one_page = item.claim is Claim.AUTOMATIC or not typed
            found.append(Asked(item.id, known, 0 if item.claim is Claim.AUTOMATIC else typed,
                               1 if is_one_page else 2 + typed))  # fmt: skip
    return found


def test_four_fields_of_five_are_prefilled() -> None:
    known, typed = sum(one.known for one in asked()), sum(one.typed for one in asked())
    assert known / (known + typed) >= 0.8
    assert f"{known} of {known + typed} fields ({known / (known + typed):.1%})" in TOLD.read_text("utf-8")


def test_no_application_has_more_than_five_pages() -> None:
    assert {one.item: one.pages for one in asked() if one.pages > MOST_PAGES} == {}
    assert f"at most {max(one.pages for one in asked())} pages" in TOLD.read_text("utf-8")
