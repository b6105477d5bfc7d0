"""The issued text with what was read from it: clause by clause, some at a time, each proposal beside its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from zhida.domain.packs import Clause, Dictionary, Pack
from zhida.domain.packs.proposals import PROPOSALS, Proposal, State, read_proposals
from zhida.domain.packs.reading.clauses import read_policy
from zhida.domain.packs.source.nodes import Problems
from zhida.kernel.accounts import queries as accounts
from zhida.services.authoring import checking, working
from zhida.services.authoring.records import DraftRecord, RemarkRecord
from zhida.services.structuring import says_nothing
from zhida.surfaces.desk.drafting_records import Block, Left, Note, ProposalLine, RemarkLine, SheetPage
from zhida.surfaces.desk.presenters import readings
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, Question

MOST = 72
_HAN = re.compile(r"[\u4e00-\u9fff]")
STATES = {State.OPEN: ("near", "还没定"), State.ACCEPTED: ("yes", "已接受"), State.REFUSED: ("no", "已拒绝")}
ACCEPT, REFUSE, CHANGE = "accept", "refuse", "change"


def proposals_of(draft: DraftRecord) -> tuple[Proposal, ...]:
    """The proposals of a draft; none where it has no readable file of them."""
    data = draft.file(PROPOSALS)
    return read_proposals(PROPOSALS, data, Problems()) if data else ()


def changed_in(draft: DraftRecord, values: Mapping[str, str]) -> tuple[str, ...]:
    """The open proposals for which another value was given than the one shown."""
    dictionary = checking.read(draft).root.dictionary
    found = []
    for one in proposals_of(draft):
        if one.state is State.OPEN and values.get(one.id, "").strip():
            asked = readings.change(one, dictionary, draft.office, "", "")
            shown = next((each.value for each in asked.choices if each.is_chosen), asked.value) if asked else ""
            found += [one.id] if asked and values[one.id].strip() != shown else []
    return tuple(found)


def clauses_of(draft: DraftRecord) -> tuple[str, tuple[Clause, ...]]:
    """The head of the text as issued, and its clauses."""
    text, clauses = read_policy("policy.md", draft.file("policy.md"), Problems())
    first = clauses[0].line if clauses else 1
    return "\n".join(text.splitlines()[: first - 1]).strip().lstrip("# "), clauses


def sheet_page(draft: DraftRecord, number: int, typed: Mapping[str, str], faults: Mapping[str, str]) -> SheetPage:
    """One part of the text; `number` counts parts from 1. What was typed stays, what is wrong stands beside it."""
    reading = checking.read(draft)
    maker = _Maker(draft, reading.pack, reading.root.dictionary, typed, faults)
    parts = [*_parts(maker.blocks())]
    number = min(max(1, number), len(parts))
    blocks = parts[number - 1]
    waiting = [line for block in blocks for line in block.lines if line.state == "near"]
    here = reverse("desk:draft", args=[draft.id])
    return SheetPage(
        head=head_of(draft, "draft"),
        notes=tuple(_note(one) for one in draft.notes) if number == 1 else (),
        blocks=blocks,
        left=tuple(_left(here, parts)),
        shown=" ".join(line.id for line in waiting if line.is_sure),
        sure=sum(line.is_sure for line in waiting),
        unsure=sum(not line.is_sure for line in waiting),
        number=number,
        count=len(parts),
        before=f"{here}?part={number - 1}" if number > 1 else "",
        after=f"{here}?part={number + 1}" if number < len(parts) else "",
        broken=len(reading.problems),
        remark=_remark(blocks),
    )


def _parts(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Runs of clauses of about one length each, the same whatever has been settled: what is not certain lies open and
    takes the room of four lines, a clause of three."""
    part: list[Block] = []
    size = 0
    for block in blocks:
        cost = 3 + sum(1 if line.is_sure else 4 for line in block.lines)
        if part and size + cost > MOST:
            yield tuple(part)
            part, size = [], 0
        part.append(block)
        size += cost
    yield tuple(part)


def _left(here: str, parts: Sequence[tuple[Block, ...]]) -> Iterator[Left]:
    called = {block.anchor: block.heading.partition("　")[0] for blocks in parts for block in blocks}
    for number, blocks in enumerate(parts, start=1):
        for block in blocks:
            above = called[up] if (up := block.anchor.rpartition("-")[0]) in called and up else ""
            unsure = sum(not line.is_sure for line in block.waiting)
            if block.waiting:
                href = f"{here}?part={number}#l-{block.anchor}"
                yield Left(above + (called[block.anchor] or block.paragraphs[0][:20]), href, len(block.waiting), unsure)


def _remark(blocks: tuple[Block, ...]) -> Question:
    places = [Choice("", say("整份草稿"))]
    places += [Choice(one.anchor, one.heading or one.paragraphs[0][:20]) for one in blocks if one.anchor]
    return Question("place", say("说的是哪一条"), "select", choices=tuple(places))


def _note(one: Mapping[str, object]) -> Note:
    page, paragraph = one.get("page"), one.get("paragraph")
    place = say("第 {n} 页", n=page) if page else say("第 {n} 段", n=paragraph) if paragraph else ""
    return Note(str(one.get("en" if spoken() == "en" else "zh", "")), place)


class _Maker:
    """Makes the blocks of one draft."""

    def __init__(
        self,
        draft: DraftRecord,
        pack: Pack | None,
        dictionary: Dictionary,
        typed: Mapping[str, str],
        faults: Mapping[str, str],
    ) -> None:
        self.draft = draft
        self.pack = pack
        self.dictionary = dictionary
        self.typed = typed
        self.faults = faults
        self.remarks = working.remarks(draft.id)
        self.people = accounts.names_of({one.account for one in self.remarks})

    def blocks(self) -> list[Block]:
        """The head and every clause."""
        found: dict[str, list[ProposalLine]] = {}
        head, clauses = clauses_of(self.draft)
        known = {clause.anchor for clause in clauses}
        for one in proposals_of(self.draft):
            found.setdefault(one.anchor if one.anchor in known else "", []).append(self._line(one))
        lines = [one for one in head.splitlines() if one.strip()]
        first = Block("", say("文件头"), tuple(lines), tuple(found.get("", ())), (), self._remarks(""))
        return [first, *(self._block(clause, tuple(found.get(clause.anchor, ()))) for clause in clauses)]

    def _block(self, clause: Clause, lines: tuple[ProposalLine, ...]) -> Block:
        heading = f"{clause.number}　{clause.heading}".strip("　") if clause.heading else clause.number
        body = tuple(clause.text.splitlines())
        return Block(
            clause.anchor, heading, body, lines, tuple(self._became(clause.anchor)), self._remarks(clause.anchor)
        )

    def _became(self, anchor: str) -> Iterator[tuple[str, str]]:
        """What a clause became: the way to each entry that cites it, by what people call it."""
        if self.pack is None:
            return
        words = self.pack.words.get(spoken()) or self.pack.words["zh"]
        for name, requirement in self.pack.requirements.items():
            if anchor in requirement.cites:
                told = words.requirements.get(name)
                yield (
                    _entry(self.draft.id, "requirements", name),
                    say("条件：{name}", name=told.title if told else name),
                )
        for name, item in self.pack.items.items():
            if anchor in item.cites:
                told_item = words.items.get(name)
                title = told_item.title if told_item else name
                yield _entry(self.draft.id, "items", name), say("事项：{name}", name=title)

    def _line(self, one: Proposal) -> ProposalLine:
        mark, words = STATES[one.state]
        fault = self.faults.get(f"s-{one.id}", "") or self.faults.get(f"v-{one.id}", "")
        change = readings.change(one, self.dictionary, self.draft.office, self.typed.get(f"v-{one.id}", ""), fault)
        chosen = self.typed.get(f"s-{one.id}", "")
        offered = [] if says_nothing(one) else [(ACCEPT, say("对"))]
        offered += [(REFUSE, say("不对")), *([(CHANGE, say("改"))] if change else [])]
        return ProposalLine(
            id=one.id,
            kind=readings.kind_words(one.kind),
            told=_in_language(readings.told(one, self.dictionary)),
            quote=one.quote,
            place=_place(one),
            confidence=one.confidence,
            is_sure=one.confidence >= readings.SURE,
            reason=one.reason.get(spoken(), one.reason.get("zh", "")),
            effect=readings.effect(one, self.pack),
            state=mark,
            state_words=say(words),
            choices=tuple(Choice(value, label, value == chosen) for value, label in offered),
            change=change,
            href=_href(self.draft.id, one),
            fault=fault,
        )

    def _remarks(self, place: str) -> tuple[RemarkLine, ...]:
        return tuple(self._remark_line(one) for one in self.remarks if one.place == place)

    def _remark_line(self, one: RemarkRecord) -> RemarkLine:
        return RemarkLine(one.id, one.words, self.people.get(one.account, ""), one.made_at, one.is_settled)


def _in_language(words: str) -> Text:
    """Words of the document are Chinese on an English page too."""
    return Text(words, "zh") if _HAN.search(words) else Text(words, spoken())


def _place(one: Proposal) -> str:
    span = one.span
    if not span.paragraph:
        return say("文件没有写")
    place = say("第 {n} 段，第 {start} 到 {end} 字", n=span.paragraph, start=span.start + 1, end=span.end)
    return say("第 {page} 页，", page=span.page) + place if span.page else place


def _entry(draft_id: str, kind: str, name: str) -> str:
    return reverse("desk:entry", args=[draft_id, kind, name])


def _href(draft_id: str, one: Proposal) -> str:
    """The way to the entry that carries a proposal, where it has a page."""
    file, path = one.edit.get("file", ""), one.edit.get("path", "")
    if file == "rules.yaml" and path.count(".") == 1:
        kind, name = path.split(".")
        return _entry(draft_id, kind, name)
    if file == "policy.md":
        return _entry(draft_id, "header", "pack")
    if file == "items.yaml" and "." not in path:
        return _entry(draft_id, "items", path) if path != "obligations" else ""
    return f"{reverse('desk:draft_file', args=[draft_id])}?file={file}" if file else ""
