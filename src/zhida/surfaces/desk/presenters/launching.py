"""What stands between a draft and what is in force: mistakes, examples, cost, differences, and the second person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.urls import reverse

from zhida.domain.errors import Problem
from zhida.domain.packs import Dictionary, Pack, diff, reading_digest
from zhida.domain.packs.examples import Example
from zhida.domain.packs.golden import CaseResult
from zhida.domain.packs.lint import Finding, hint_of
from zhida.domain.packs.reach import reach_changes
from zhida.domain.packs.readiness import Readiness
from zhida.domain.values import local_date, new_id, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.services.simulation import keeping
from zhida.services.simulation.unpublished import kinds_of
from zhida.services.structuring import PENDING
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.drafting_records import CostLine, ExampleLine, LaunchPage, ReadyLine, Trouble
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.drafts import head_of, places_of
from zhida.surfaces.desk.presenters.hindrances import hindrances
from zhida.surfaces.desk.presenters.saying import fact_of, name_of
from zhida.surfaces.desk.presenters.simulated import simulated_page
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import AUDIENCES, CLAIMS, policy_href
from zhida.surfaces.look.telling.problems import told

PROPOSE, CONFIRM, TAKE_BACK, DROP = "propose", "confirm", "take_back", "drop"
TIERS = {"none": "还不能发布", "bronze": "铜", "silver": "银", "gold": "金"}
ANSWERS = {
    "entitled": ("yes", "符合"), "possible": ("near", "可能符合"), "not": ("no", "不符合"),
}  # fmt: skip


def launch_page(draft: DraftRecord, officer: Officer, as_of: datetime, faults: Mapping[str, str]) -> LaunchPage:
    """The page of one draft."""
    report = checking.check(draft, local_date(as_of))
    pack, dictionary = report.reading.pack, report.reading.root.dictionary
    lang = spoken()
    costs = costs_of(pack, officer) if pack else ()
    is_cost_seen = pack is None or len([one for one in costs if one.is_current]) == len(kinds_of(pack))
    against, changes = _changes(draft, pack)
    return LaunchPage(
        head=head_of(draft, "launch"),
        problems=tuple(_problem(draft, one, lang) for one in report.reading.forbidding),
        findings=tuple(_finding(draft, one, lang) for one in report.findings),
        lacks=tuple(told(one, lang) for one in report.tier.lacks),
        tier=say(TIERS[report.tier.tier]),
        cases=report.cases,
        failed=tuple(_failed(one, lang) for one in report.failed),
        mutants=_mutants(report),
        examples=tuple(_example(number, one, pack, dictionary) for number, one in enumerate(examples_of(report), 1)),
        left=tuple(told(goal.told, lang) for one in report.coverage for goal in one.left),
        ready=tuple(_ready(one, pack) for one in report.readiness) if pack else (),
        costs=costs,
        is_cost_seen=is_cost_seen,
        cost_questions=_cost_questions(pack, dictionary, pending_facts(dictionary), faults) if pack else (),
        cost_tokens=tuple(new_id("sim") for _ in kinds_of(pack)) if pack else (),
        changes=changes,
        against=against,
        acts=tuple(_acts(draft, report, officer)),
        wait_words=_wait_words(draft, officer),
        standing=tuple(hindrances(draft, report, is_cost_seen=is_cost_seen)) if draft.is_open else (),
        can_propose=draft.is_open and report.can_be_proposed,
        policy=policy_href(draft.pack_id) if draft.state == "published" else "",
        publish_on=draft.publish_on,
    )


def pending_facts(dictionary: Dictionary) -> tuple[str, ...]:
    """The facts that drafts proposed for the dictionary and that no office delivers yet."""
    return tuple(name for name, one in dictionary.attributes.items() if one.source == PENDING)


def examples_of(report: checking.Report) -> tuple[Example, ...]:
    """The examples of all items, in the order in which the page numbers them."""
    return tuple(each for one in report.coverage for each in one.proposed)


def asked_of(pack: Pack, added: Collection[str] = ()) -> tuple[str, ...]:
    """The facts that nobody's data holds before anybody applies: those of the form, and those that drafts
    proposed for the dictionary (`added`), as far as an item reads them."""
    read = {name for item in pack.items.values() for name in item.reads}
    return tuple(name for name in (*pack.form.questions, *added) if name in read)


def costs_of(pack: Pack, officer: Officer) -> tuple[CostLine, ...]:
    """The newest run of a pack's items for each kind of subject; `is_current` where what an owner reads has not
    changed since."""
    found, runs = [], keeping.newest(places_of(officer), limit=60)
    kinds = kinds_of(pack)
    for kind in kinds:
        ids = {item.id for item in pack.items.values() if item.audience is kind}
        newest = next((one for one in runs if {*one.items} == ids and "titles" in one.inputs), None)
        if newest is not None:
            is_current = newest.inputs.get("reading") == reading_digest(pack)
            href, told = reverse("desk:simulation", args=[newest.id]), simulated_page(newest)
            whom = say(AUDIENCES[kind]) if len(kinds) > 1 else ""
            found.append(CostLine(whom, told.headline, (told.lead, *told.notes), href, newest.ran_at, is_current))
    return tuple(found)


def _mutants(report: checking.Report) -> str:
    whole = report.killed + len(report.survived)
    return say("规则改动 {whole} 处，例子看出 {killed} 处", whole=whole, killed=report.killed) if whole else ""


def _failed(one: CaseResult, lang: str) -> str:
    differences = say("；").join(told(each, lang) for each in one.differences)
    return one.case.name + say("：") + differences


def _problem(draft: DraftRecord, one: Problem, lang: str) -> Trouble:
    file = one.file.removeprefix(f"{draft.pack_id}/")
    href = f"{reverse('desk:draft_file', args=[draft.id])}?file={file}" if file != one.file else ""
    place = say("{file}，第 {line} 行", file=file, line=one.line) if one.line else file
    return Trouble(place, Text(told(one.words, lang), lang), Text(told(one.hint, lang), lang), href, one.line)


def _finding(draft: DraftRecord, one: Finding, lang: str) -> Trouble:
    file = one.file.removeprefix(f"{draft.pack_id}/")
    href = f"{reverse('desk:draft_file', args=[draft.id])}?file={file}" if file != one.file else ""
    place = say("{file}，第 {line} 行", file=file, line=one.line) if one.line else file
    return Trouble(place, Text(one.zh if lang == "zh" else one.en, lang), Text(hint_of(one.code, lang), lang), href)


def _example(number: int, one: Example, pack: Pack | None, dictionary: Dictionary) -> ExampleLine:
    expected = one.case.expected[one.item]
    words = pack.words.get(spoken()) or pack.words["zh"] if pack else None
    titles = {name: told.title for name, told in words.requirements.items()} if words else {}
    facts = []
    for key, fact in one.case.facts.known.items():
        kind = fact_words.fact_type(dictionary, key.attribute, pack)
        choices = fact_words.choices_of(key.attribute, dictionary, pack)
        label = fact_words.label(dictionary, key, pack)
        facts.append((label, fact_words.written(fact.value, kind, dictionary, choices)))
    facts += [(titles.get(name, name), say("是") if value else say("否")) for name, value in one.case.rulings.items()]
    mark, answer = ANSWERS.get(expected.answer, ("near", expected.answer))
    because = say("、").join(titles.get(name, name) for name in expected.because or ())
    return ExampleLine(
        str(number), one.case.name, tuple(facts), say(answer), mark, because or _sum(expected.amount_fen)
    )


def _sum(fen: int | None) -> str:
    return say("{sum} 元", sum=yuan(fen)) if isinstance(fen, int) else ""


def _ready(one: Readiness, pack: Pack) -> ReadyLine:
    words = pack.words.get(spoken()) or pack.words["zh"]
    name = one.item.rpartition("/")[2]
    title = words.items[name].title if name in words.items else name
    obstacles = []
    for each in one.obstacles:
        who = say("可能在{office}", office=office_name(each.holder.office)) if each.holder else ""
        obstacles.append((each.en if spoken() == "en" else each.zh, who))
    return ReadyLine(title, say(CLAIMS[one.claim]), say(CLAIMS[one.could_be]), tuple(obstacles))


def _cost_questions(
    pack: Pack, dictionary: Dictionary, added: Collection[str], faults: Mapping[str, str]
) -> tuple[Question, ...]:
    found = [
        Question("take_up", say("参与率"), "text", say("1 是都来申请；0.4,0.6,0.8 是最低、可能、最高。"), value="1",
                 fault=faults.get("take_up", ""))
    ]  # fmt: skip
    for name in asked_of(pack, added):
        label, fact = say("假设每家都是：{what}", what=name_of(name, pack, dictionary)), fact_of(name, pack, dictionary)
        hint, fault = say("现在谁的都不知道；不写就没有人算得出来。"), faults.get(f"a-{name}", "")
        if fact is not None and fact.kind == "boolean":
            answers = (("", say("不假设")), ("true", say("是")), ("false", say("否")))
            choices = tuple(Choice(value, words, value == "") for value, words in answers)
            found.append(Question(f"a-{name}", label, "select", hint, choices=choices, fault=fault))
        else:
            found.append(Question(f"a-{name}", label, "text", hint, fault=fault, is_optional=True))
    return tuple(found)


def _changes(draft: DraftRecord, pack: Pack | None) -> tuple[str, tuple[str, ...]]:
    """Against which version, and what differs, in words."""
    if pack is None:
        return "", ()
    if not draft.base:
        words = pack.words.get(spoken()) or pack.words["zh"]
        made = [
            say("新增事项：{title}（{sum}）", title=told.title, sum=told.how_much)
            for name, told in words.items.items() if name in pack.items
        ]  # fmt: skip
        return say("这是一件新政策，没有更早的版本。"), tuple(made)
    record, old = catalogue.revision_record(draft.base), catalogue.revision(draft.base)
    told = [each.words[spoken()] for each in diff(old, pack)]
    told += [each.words[spoken()] for each in reach_changes(old, pack)]
    return say("与第 {n} 版相比", n=record.number), tuple(told)


def _acts(draft: DraftRecord, report: checking.Report, officer: Officer) -> Iterator[Act]:
    if draft.is_open:
        if report.can_be_proposed:
            when = Question("publish_on", say("哪一天发布"), "date", say("不填就是确认后马上发布。"), is_optional=True)
            hint = say("提出后不能再改；由没有改过这份草稿的另一个人确认。")
            yield Act(PROPOSE, say("提出发布"), hint, "act", "", (when,), token=str(draft.version))
        yield Act(DROP, say("不写了"), say("草稿不再列出，什么也不会发布。"), token=str(draft.version))
    elif draft.state in ("proposed", "scheduled"):
        if draft.state == "proposed" and officer.account not in {draft.proposed_by, draft.begun_by, *draft.hands}:
            hint = say("您确认的是上面的差异、例子和推演。")
            yield Act(CONFIRM, say("确认发布"), hint, "act", token=draft.proposed_hash)
        yield Act(TAKE_BACK, say("收回来再改"))


def _wait_words(draft: DraftRecord, officer: Officer) -> str:
    names = accounts.names_of({one for one in (draft.proposed_by, draft.confirmed_by) if one})
    who, second = names.get(draft.proposed_by, ""), names.get(draft.confirmed_by, "")
    if draft.state == "proposed":
        is_own = officer.account in {draft.proposed_by, draft.begun_by, *draft.hands}
        told = say("{who}提出发布，等第二人确认。", who=who)
        return told + (say("您改过这份草稿，要由同事确认。") if is_own else "")
    if draft.state == "scheduled":
        return say("{who}提出，{second}确认，{day} 零点发布。", who=who, second=second, day=draft.publish_on)
    if draft.state == "published":
        return say("{who}提出，{second}确认，已经发布。", who=who, second=second)
    return draft.failure and say("上次没有发布成：{why}", why=draft.failure)
