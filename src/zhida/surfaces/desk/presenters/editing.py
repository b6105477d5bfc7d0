"""A draft's files, and what is wrong in each."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from zhida.domain.packs.proposals import PROPOSALS
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.surfaces.desk.drafting_records import DraftHead, Trouble
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.telling.problems import told

MAY_BE_ADDED = ("parameters.yaml", "words/en.yaml", "form.yaml", "process.yaml", "clauses.yaml", "golden/cases.yaml")
_LAST = 10**6


@dataclass(frozen=True)
class FilePage:
    """One file as text, and the way to the others."""

    head: DraftHead
    name: str
    text: str
    rows: int
    files: tuple[tuple[str, str, bool], ...]
    problems: tuple[Trouble, ...]


def file_page(draft: DraftRecord, name: str) -> FilePage:
    """The page of one file of the pack's own folder."""
    here = reverse("desk:draft_file", args=[draft.id])
    own = [path.removeprefix(f"{draft.pack_id}/") for path in draft.files if path.startswith(f"{draft.pack_id}/")]
    names = [one for one in dict.fromkeys([*own, *MAY_BE_ADDED]) if one != PROPOSALS]
    text = draft.file(name).decode("utf-8", "replace")
    return FilePage(
        head_of(draft, "files"),
        name,
        text,
        min(40, max(12, text.count("\n") + 3)),
        tuple((one, f"{here}?file={one}", one == name) for one in names),
        tuple(_troubles(draft, name)),
    )


def _troubles(draft: DraftRecord, name: str) -> list[Trouble]:
    lang = spoken()
    found = [one for one in checking.read(draft).forbidding if one.file == f"{draft.pack_id}/{name}"]
    return [
        Trouble(
            say("第 {line} 行", line=one.line),
            Text(told(one.words, lang), lang),
            Text(told(one.hint, lang), lang),
            "",
            one.line,
        )
        for one in sorted(found, key=lambda one: one.line or _LAST)
    ]
