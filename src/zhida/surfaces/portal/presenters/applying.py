"""Applying: which parts an application has, how far its draft is, and each of its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.packs import Dictionary
from zhida.domain.packs.usage import usage_of
from zhida.domain.rules import AmountState, Met
from zhida.domain.values import FactKey, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.drafts.keeping import Draft
from zhida.surfaces.look.asking import question_of, taken
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, Fault, Question, Reason
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.policies import clauses_of, document_of, reason_of, requirement_title, title_of
from zhida.surfaces.look.telling.records import record_words
from zhida.surfaces.portal import forms
from zhida.surfaces.portal.claimable import Claimable
from zhida.surfaces.portal.papers import asked_words
from zhida.surfaces.portal.presenters.claims import account_words, head_of, known_lines, promised_days
from zhida.surfaces.portal.records.applying import (
    AnswerLine,
    CheckPage,
    ClaimHead,
    PartPage,
    Promise,
    Reusable,
    Task,
    TaskList,
    Upload,
)

RECORD = "record"


@dataclass(frozen=True)
class Part:
    """One thing an application asks: which record (`record`), a `question`, or a `paper`; `name` is its field."""

    name: str
    kind: str
    key: str


def parts_of(claim: Claimable) -> tuple[Part, ...]:
    """What is asked, in the order in which it is asked."""
    which = (Part(RECORD, RECORD, RECORD),) if claim.records else ()
    questions = (Part(f"f.{name}", "question", name) for name, _ in forms.questions_of(claim))
    papers = (Part(name, "paper", name) for name in forms.papers_of(claim))
    return (*which, *questions, *papers)


def href_of(claim: Claimable, step: str = "", part: Part | None = None) -> str:
    """The address of the list, of a step (`check`), or of a part."""
    place = claim.item.id.split("/")
    if part is not None:
        return reverse("portal:part", args=[*place, part.name])
    return reverse(f"portal:claim_{step}" if step else "portal:claim", args=place)


def next_part(claim: Claimable, form: forms.Form, after: Part | None = None) -> Part | None:
    """The next part that still lacks something, from `after` on and then from the beginning; None where none does."""
    parts = parts_of(claim)
    start = parts.index(after) + 1 if after else 0
    return next((part for part in (*parts[start:], *parts[:start]) if part.name in form.faults), None)


def task_list(claim: Claimable, draft: Draft, as_of: datetime) -> TaskList:
    """The list of an application as its draft stands."""
    form = forms.from_draft(draft, claim)
    following = next_part(claim, form)
    return TaskList(
        head=_head(claim),
        tasks=tuple(_task(claim, part, draft, form) for part in parts_of(claim)),
        facts=known_lines(claim),
        kept_at=draft.kept_at,
        next_href=href_of(claim, part=following) if following else href_of(claim, "check"),
        is_ready=following is None,
        has_nothing_to_claim=bool(claim.item.for_each) and not claim.records,
        against=_against(claim, local_date(as_of)),
        amount_fen=_amount(claim),
        promised_days=promised_days(claim),
    )


def _against(claim: Claimable, on: date) -> tuple[Reason, ...]:
    """What the facts held now speak against: whoever fills in a form wants to know before, not from the decision."""
    return tuple(reason_of(claim.pack, one, on) for one in claim.found.reasons if one.answer is Met.NOT_MET)


def _head(claim: Claimable) -> ClaimHead:
    pack = claim.pack
    return ClaimHead(head_of(claim.subject), title_of(pack, claim.item), document_of(pack), href_of(claim))


def _amount(claim: Claimable) -> int | None:
    known = claim.found.amount is AmountState.KNOWN and not claim.item.program.quota
    return claim.found.amount_fen if known else None


def _task(claim: Claimable, part: Part, draft: Draft, form: forms.Form) -> Task:
    has_something = part.name in draft.papers or bool(draft.fields.get(part.name, "").strip())
    if part.name in form.faults:
        state, words = "todo", say("要改") if has_something else say("还没填")
    else:
        state, words = ("done", say("已填")) if has_something else ("optional", say("可不填"))
    return Task(label_of(claim, part, _dictionary(claim)), href_of(claim, part=part), state, words)


def _dictionary(claim: Claimable) -> Dictionary:
    return catalogue.root(claim.published.revision_id).dictionary


def label_of(claim: Claimable, part: Part, dictionary: Dictionary) -> str:
    """What a part is called."""
    if part.kind == RECORD:
        return say("为哪一条申报")
    if part.kind == "paper":
        return str(paper_words(claim, part.key))
    return fact_words.label(dictionary, FactKey(part.key), claim.pack)


def paper_words(claim: Claimable, name: str) -> Text:
    """What a paper is called: by the pack, else as the requirement that it is for."""
    for lang in dict.fromkeys((spoken(), "zh")):
        words = claim.pack.words[lang].papers if lang in claim.pack.words else {}
        if name in words:
            return Text(words[name], lang)
    return requirement_title(claim.pack, name)


def part_page(claim: Claimable, part: Part, draft: Draft, fault: str, reusable: tuple[Reusable, ...]) -> PartPage:
    """The page of one part."""
    parts = parts_of(claim)
    is_paper = part.kind == "paper"
    return PartPage(
        head=_head(claim),
        number=parts.index(part) + 1,
        count=len(parts) + 1,
        question=None if is_paper else question_for(claim, part, draft.fields.get(part.name, ""), fault),
        upload=upload_for(claim, part.key, draft, fault, reusable) if is_paper else None,
        for_what=_for_what(claim, part),
        kept_at=draft.kept_at,
        faults=(Fault(part.name, fault),) if fault else (),
    )


def question_for(claim: Claimable, part: Part, text: str, fault: str) -> Question:
    """A question with what was typed; free words get room for several lines."""
    dictionary = _dictionary(claim)
    if part.kind == RECORD:
        return _which(claim, dictionary, text, fault)
    one = claim.pack.form.questions[part.key]
    asked = question_of(part.name, FactKey(part.key), one.fact, dictionary, pack=claim.pack, value=text, fault=fault,
                        is_optional=one.optional)  # fmt: skip
    label = asked.label.removesuffix("（可不填）").removesuffix(" (optional)")
    return replace(asked, kind="long" if asked.kind == "text" else asked.kind, label=label)


def _which(claim: Claimable, dictionary: Dictionary, chosen: str, fault: str) -> Question:
    """For an item with one claim a record: which record this claim is for."""
    relation = claim.facts.get(FactKey(claim.item.for_each))
    entry = dictionary.relations[claim.item.for_each]
    choices = tuple(
        Choice(key, record_words(row, entry, dictionary, claim.pack, most=4), chosen == key)
        for key, row in zip(cases.record_keys(claim.item, claim.facts), relation.value if relation else (), strict=True)
        if key in claim.records
    )
    why = dictionary.named(entry.name, spoken())
    return Question(RECORD, say("为哪一条申报"), "choice", why, "", choices, chosen, fault)


def upload_for(claim: Claimable, name: str, draft: Draft, fault: str, reusable: tuple[Reusable, ...] = ()) -> Upload:
    """A paper with what stands in the draft and what is held already."""
    paper, kept = claim.pack.form.papers[name], draft.papers.get(name)
    return Upload(
        name=name,
        label=str(paper_words(claim, name)),
        why=asked_words(paper),
        clauses=clauses_of(claim.pack, paper.cites),
        accept=",".join(f".{ending}" for ending in paper.formats),
        reusable=reusable,
        kept=kept.name if kept else "",
        origin=kept.origin if kept else "",
        fault=fault,
    )


def _for_what(claim: Claimable, part: Part) -> tuple[Text, ...]:
    """Which conditions an answer is asked for."""
    if part.kind != "question":
        return ()
    schema = claim.item.program.schema
    return tuple(
        requirement_title(claim.pack, one.name)
        for one in claim.item.program.requires
        if part.key in usage_of([each.when for each in one.alternatives], schema).facts
    )


def check_page(claim: Claimable, draft: Draft, form: forms.Form, submission: str, as_of: datetime) -> CheckPage:
    """Everything that will be handed in, and everything it rests on."""
    back = urlencode({"next": href_of(claim, "check")})
    return CheckPage(
        head=_head(claim),
        answers=tuple(_answer(claim, part, draft) for part in parts_of(claim)),
        facts=known_lines(claim),
        promises=tuple(
            Promise(f"u.{one.name}", requirement_title(claim.pack, one.name), clauses_of(claim.pack, one.cites),
                    form.faults.get(f"u.{one.name}", ""))
            for one in claim.item.program.requires if one.name in forms.promises_of(claim)
        ),
        pays=claim.item.pays,
        account=account_words(claim.subject, as_of),
        account_href=f"{reverse('portal:account')}?{back}",
        amount_fen=_amount(claim),
        promised_days=promised_days(claim),
        submission=submission,
        faults=tuple(Fault(name, words) for name, words in form.faults.items()),
    )  # fmt: skip


def _answer(claim: Claimable, part: Part, draft: Draft) -> AnswerLine:
    href = f"{href_of(claim, part=part)}?back=check"
    label = label_of(claim, part, _dictionary(claim)).removesuffix("（可不填）").removesuffix(" (optional)")
    if part.kind == "paper":
        kept = draft.papers.get(part.name)
        return AnswerLine(label, kept.name if kept else say("未提供"), href)
    text = draft.fields.get(part.name, "").strip()
    return AnswerLine(label, _read_back(claim, part, text) if text else say("未提供"), href)


def _read_back(claim: Claimable, part: Part, text: str) -> str:
    """An answer as it was understood, not as it was typed."""
    asked = question_for(claim, part, text, "")
    chosen = next((choice.label for choice in asked.choices if choice.value == text), "")
    if chosen or part.kind == RECORD:
        return chosen.strip() or text
    fact = claim.pack.form.questions[part.key].fact
    return fact_words.written(taken(text, fact), fact, _dictionary(claim))
