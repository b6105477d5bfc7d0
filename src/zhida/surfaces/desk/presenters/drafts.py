"""The list of drafts, what begins one, and the roll-backs that wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.urls import reverse

from zhida.domain.packs.proposals import PROPOSALS, open_proposals
from zhida.domain.values import new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import RevisionRecord
from zhida.services.authoring import working
from zhida.services.authoring.records import DraftRecord
from zhida.surfaces.desk.drafting_records import DraftHead, DraftLine, DraftsPage
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words

STATES = {
    "open": ("near", "在写"),
    "proposed": ("stop", "等第二人确认"),
    "scheduled": ("near", "到日子发布"),
    "published": ("yes", "已发布"),
    "dropped": ("no", "不写了"),
}


def places_of(officer: Officer) -> Collection[str] | None:
    """The offices whose drafts an officer sees; None for an operator, who sees all."""
    return None if officer.role == "operator" else frozenset(officer.offices)


def drafts_page(officer: Officer, as_of: datetime, typed: Mapping[str, str], faults: Mapping[str, str]) -> DraftsPage:
    """The page, with what was typed and what was wrong with it."""
    found = working.drafts(places_of(officer))
    people = accounts.names_of({one.changed_by for one in found})
    waiting = [one for one in found if one.state == "proposed"]
    standing = published(officer, as_of)
    return DraftsPage(
        token=new_id("draft"),
        headline=_headline(found, waiting),
        lines=tuple(_line(one, people) for one in found),
        begin=_begin(officer, typed, faults),
        again=_again(standing),
    )


def head_of(draft: DraftRecord, here: str) -> DraftHead:
    """What stands above each page of a draft."""
    people = accounts.names_of({draft.changed_by})
    waiting = open_proposals({PROPOSALS: draft.file(PROPOSALS)} if draft.file(PROPOSALS) else {})
    return DraftHead(
        id=draft.id,
        title=draft.title,
        pack_id=draft.pack_id,
        version=draft.version,
        state=STATES[draft.state][0],
        state_words=say(STATES[draft.state][1]),
        who=people.get(draft.changed_by, ""),
        at=draft.changed_at,
        is_open=draft.is_open,
        open=len(waiting),
        source=draft.source,
        here=here,
    )


def _headline(found: tuple[DraftRecord, ...], waiting: list[DraftRecord]) -> str:
    if waiting:
        return say("{n} 份草稿等第二人确认", n=len(waiting))
    writing = [one for one in found if one.is_open]
    return say("{n} 份草稿在写", n=len(writing)) if writing else say("没有在写的草稿")


def _line(one: DraftRecord, people: Mapping[str, str]) -> DraftLine:
    mark, words = STATES[one.state]
    page = "desk:draft" if one.is_open else "desk:launch"
    return DraftLine(
        one.title, reverse(page, args=[one.id]), one.pack_id, mark, say(words), people.get(one.changed_by, ""),
        one.changed_at,
    )  # fmt: skip


def _begin(officer: Officer, typed: Mapping[str, str], faults: Mapping[str, str]) -> tuple[Question, ...]:
    chosen = typed.get("office", "")
    named = tuple(Choice(one, office_name(one), one == chosen) for one in officer.offices)
    offices = (Choice("", say("按文件里写的认")), *named)
    asked = [
        Question("text", say("或者把全文粘贴在这里"), "long", value=typed.get("text", ""), fault=faults.get("text", ""),
                 is_optional=True),
        Question("slug", say("网址里的短名"), "text", say("小写字母、数字和短横；不填就由文件的指纹代替。"),
                 value=typed.get("slug", ""), fault=faults.get("slug", ""), is_optional=True),
    ]  # fmt: skip
    if len(named) > 1:
        asked.insert(0, Question("office", say("发文部门"), "select", choices=offices))
    return tuple(asked)


def published(officer: Officer, as_of: datetime) -> tuple[RevisionRecord, ...]:
    """The versions in force of the officer's offices."""
    places = places_of(officer)
    found = catalogue.policies(as_of=as_of)
    return tuple(one for one in found if places is None or one.owner_office in places or one.issuer_office in places)


def choices_of(standing: tuple[RevisionRecord, ...]) -> tuple[Choice, ...]:
    """A policy to choose, by what it is called."""
    named = [(one.id, str(in_words(one.title_zh, one.title_en))) for one in standing]
    return (Choice("", say("选一件政策")), *(Choice(value, words) for value, words in named))


def _again(standing: tuple[RevisionRecord, ...]) -> Question | None:
    return Question("revision", say("在哪一件上改"), "select", choices=choices_of(standing)) if standing else None
