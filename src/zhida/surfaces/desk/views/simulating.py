"""Simulations: choose an item, set scenarios, compare what comes out, take it along as a workbook or on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import AuthorError, ConflictError, Problem
from zhida.domain.scenarios import TakeUp
from zhida.domain.scenarios.claiming import EVERYBODY
from zhida.domain.values import CHINA, local_date, once
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import working
from zhida.services.papers.report import Part, Table, report_pdf
from zhida.services.simulation import keeping
from zhida.services.simulation.asking import PLANS
from zhida.services.simulation.converting import convert
from zhida.services.simulation.forming import place_in, plans_file, scenario_file
from zhida.services.simulation.keeping import Kept, Wish
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import simulated as shown
from zhida.surfaces.desk.presenters import simulating as presenter
from zhida.surfaces.desk.presenters.abreast import SideBySide
from zhida.surfaces.desk.presenters.ahead import Ahead
from zhida.surfaces.desk.presenters.planning import ORDER, plan_typed, take_up_typed, years_asked
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.problems import words_and_hint

_CANNOT = {
    "not_published": "这一天这项政策还没有发布；要用现在的规则回看，下面选“现在的规则”",
    "nothing_to_simulate": "这一天还没有全体对象的数据；要用现在的规则回看，下面选“现在的规则”",
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Answers = Mapping[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("author", "operator")
def simulations(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The form and what was simulated before; a POST simulates and goes to what came out."""
    given = request.POST if request.method == "POST" else request.GET
    answers = {name: str(value)[:4_000].replace("\x00", "") for name, value in given.items()}
    faults: dict[str, str] = {}
    item_id = answers.get("item", "")
    if request.method == "POST" and item_id in presenter.items_of(officer, as_of):
        found = _simulated(answers, faults, officer, as_of)
        if found is not None:
            messages.success(request, say("已推演并记入账本"))
            return redirect("desk:simulation", found.id)
    page = presenter.simulating_page(officer, as_of, item_id, answers if request.method == "POST" else {}, faults)
    listed = [Fault(name, words) for name, words in faults.items()]
    return render(request, "desk/simulations.html", {"page": page, "faults": listed, "section": "simulations"})


def _simulated(answers: Answers, faults: dict[str, str], officer: Officer, as_of: datetime) -> Kept | None:
    wish: Wish | None = None
    try:
        wish = _wish(answers, faults, as_of)
        if faults:
            return None
        return keeping.run(
            wish,
            simulation_id=once("sim", answers.get("token", "")),
            by=officer.at(officer.offices[0]),
            as_of=as_of,
            scope=officer.scope,
        )
    except AuthorError as error:
        for problem in error.problems:
            field = _field_of(problem, wish.files if wish else {})
            said = filter(None, (faults.get(field, ""), words_and_hint(problem, spoken())))
            faults[field] = say("；").join(said)
    except ConflictError as error:
        faults["on"] = say(_CANNOT.get(error.code, "现在推演不了"))
    return None


def _field_of(problem: Problem, files: Mapping[str, bytes]) -> str:
    """The field that holds the mistake: by the line of the scenario that the form made; else its scenario, or what all
    of them share."""
    name = problem.file.removesuffix(".yaml")
    if name.startswith("assume "):
        return f"{presenter.ASSUMED}{name.removeprefix('assume ')}"
    if name not in presenter.SCENARIOS:
        return "years" if name == PLANS else "on"
    match place_in(files[problem.file], problem.line or 0):
        case ("change", _, ("rules" | "parameters") as part, *keys):
            return ":".join((name, "/".join((part, *keys))))
        case ("change", _, "items", _, "quota", *_):
            return f"{name}:total_yuan"
        case ("years", *_):
            return f"{name}:{ORDER}"
        case ("take_up", *_):
            return f"{name}:take_up"
    return name


def _wish(answers: Answers, faults: dict[str, str], as_of: datetime) -> Wish:
    item_id, at = answers["item"], _instant(answers.get("on", ""), faults, as_of)
    rules_at = as_of if answers.get(presenter.RULES) == presenter.NOW and at < as_of else None
    published = catalogue.item(item_id, as_of=rules_at or at)
    offered = presenter.offered_by(published, as_of)
    take_up = _take_up("take_up", answers, faults)
    years = years_asked(answers, take_up, faults)
    span = range(local_date(at).year, local_date(at).year + len(years))
    general = plan_typed(published, "", span, answers, faults)
    files: dict[str, bytes] = {}
    for name in presenter.SCENARIOS:
        own = {key.partition(":")[2]: text for key, text in answers.items() if key.startswith(f"{name}:")}
        own = presenter.in_fen(name, own, offered, faults) | presenter.quota_typed(name, own, faults)
        plan = plan_typed(published, f"{name}:", span, answers, faults, general)
        share = _take_up(f"{name}:take_up", answers, faults) if own.get("take_up", "").strip() else None
        title = say(presenter.TITLES[name])
        made = scenario_file(name, title, published.item, own, offered, share=share, plan=plan)
        files |= {f"{name}.yaml": made} if made is not None else {}
    assume = presenter.assumed(published, answers, faults)
    plans = plans_file(published.item, general)
    return Wish((item_id,), files, at, take_up, assume, years=years, plans=plans, rules_at=rules_at)


def _instant(text: str, faults: dict[str, str], as_of: datetime) -> datetime:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return as_of
    try:
        day = date.fromisoformat(plain)
    except ValueError:
        faults["on"] = say("写成 2026-03-01 这样")
        return as_of
    if day > local_date(as_of):
        faults["on"] = say("这一天还没到；不填就是现在")
    return as_of if day >= local_date(as_of) else datetime.combine(day, time(23, 59, 59), CHINA)


def _take_up(field: str, answers: Answers, faults: dict[str, str]) -> TakeUp:
    try:
        return take_up_typed(answers.get(field, ""))
    except NotTaken as problem:
        faults[field] = problem.words
        return EVERYBODY


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("author", "operator")
def simulation(request: HttpRequest, simulation_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What came out of one run; a POST makes one of its scenarios into a draft that revises the policy."""
    kept = keeping.kept(simulation_id, presenter.places_of(officer))
    asked = {name: str(value)[:200].replace("\x00", "") for name, value in request.POST.items()}
    fault = ""
    if request.method == "POST":
        try:
            day = date.fromisoformat(asked.get("effective", "").strip() or local_date(as_of).isoformat())
            return _revised(request, kept, asked, day, officer, as_of)
        except ValueError:
            fault = say("写成 2026-03-01 这样")
    page = shown.simulated_page(kept, asked, fault)
    faults = [Fault("effective", fault)] if fault else []
    return render(request, "desk/simulation.html", {"page": page, "faults": faults, "section": "simulations"})


def _revised(
    request: HttpRequest, kept: Kept, asked: Answers, day: date, officer: Officer, as_of: datetime
) -> HttpResponse:
    """Begins the draft, with a remark that names the examples which no longer hold."""
    revised = convert(kept, asked.get("scenario", ""), effective_on=day, as_of=as_of)
    draft_id, by = once("draft", asked.get("token", "")), officer.at(kept.office or officer.offices[0])
    working.begin(
        draft_id=draft_id, pack_id=revised.pack_id, title=revised.title, files=revised.files, by=by, as_of=as_of,
        base=revised.base, source=revised.words,
    )  # fmt: skip
    if revised.broken:
        words = say("这些算例按新的数不再成立，请逐个核对：{names}", names=say("；").join(revised.broken))
        remark_id = f"remark{draft_id.removeprefix('draft')}"
        working.remark(
            remark_id=remark_id, draft_id=draft_id, place="golden", words=words, by=by, as_of=as_of,
        )  # fmt: skip
    messages.success(request, say("修订草稿建好了，由两个人发布"))
    return redirect("desk:draft", draft_id)


@require_safe
@for_duty("author", "operator")
def simulation_file(request: HttpRequest, simulation_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The run as a workbook."""
    kept = keeping.kept(simulation_id, presenter.places_of(officer))
    return _file(shown.workbook_of(kept), _XLSX, f"{kept.id}.xlsx")


@require_safe
@for_duty("author", "operator")
def simulation_paper(request: HttpRequest, simulation_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The run as a report."""
    page = shown.simulated_page(keeping.kept(simulation_id, presenter.places_of(officer)))
    heads = (say("方案"), say("户数"), say("金额，元"), say("申请额，元"), say("受益"), say("受损"))
    rows = [(one.name, one.subjects, one.fen, one.asked, one.winners, one.losers) for one in page.worlds]
    parts = [Part(say("方案对比"), page.notes, Table(heads, rows, (3, 2, 3, 5, 4, 4)))]
    parts += [_abreast_on_paper(each) for each in page.abreast]
    parts += [part for at, each in enumerate(page.ahead) for part in _years_on_paper(each, is_first=not at)]
    for cut in page.cuts:
        names = [one.name for one in page.worlds]
        table = [("　" * line.depth + line.name, *(fen for _, fen, _ in line.figures)) for line in cut.lines]
        parts.append(Part(cut.title, (), Table((cut.title, *names), table, (4, *(3 for _ in names)))))
    foot = say("{id}，账本里的事实 {fact}，摘要 {digest}", id=page.id, fact=page.fact, digest=page.digest[:16])
    return _file(report_pdf(page.headline, [page.lead], parts, foot=foot), "application/pdf", f"{page.id}.pdf")


def _abreast_on_paper(each: SideBySide) -> Part:
    """What each year's budget allows in every scenario, side by side."""
    heads = (
        *(say("年份和方案"), say("当年有多少"), say("付，元")),
        *(say("没有付的，元"), say("轮到"), say("没轮到")),
    )
    rows = [(one.name, one.limit, one.paid, one.cut, one.reached, one.left) for one in each.lines]
    return Part(say("逐年的预算够付多少：{item}", item=each.title), (), Table(heads, rows, (4, 4, 4, 4, 2, 4)))


def _years_on_paper(each: Ahead, *, is_first: bool) -> Iterator[Part]:
    """An item's years: what falls due, then what each had to spend and whom that left out. The first begins a page."""
    heads = (
        *(say("年份"), say("符合条件"), say("新进户数"), say("退出户数")),
        *(say("当年开始"), say("应付，元"), say("其中以往开始，元")),
    )
    rows = [
        (one.year, one.entitled, one.came_in, one.dropped_out, one.begun, one.due, one.carried) for one in each.lines
    ]
    title = say("往后几年　{title}", title=each.title)
    yield Part(title, (), Table(heads, rows, (2, 2, 2, 2, 2, 4, 4)), is_fresh=is_first)
    if not each.is_rationed:
        return
    held = [(one.year, one.rationed) for one in each.lines if one.rationed]
    heads = (
        *(say("年份"), say("预算，元"), say("名额，个"), say("申请户数")),
        *(say("上年等来"), say("轮到"), say("没轮到"), say("没有付的，元")),
    )
    rows = [(year, one.limit, one.places, one.asked, one.waited, one.begun, one.left, one.unmet) for year, one in held]
    yield Part(say("逐年的预算和名额"), (each.rule,), Table(heads, rows, (2, 4, 2, 2, 2, 2, 2, 4)))
    yield Part(say("逐年怎么分"), [say("{year} 年：{told}", year=year, told=one.told) for year, one in held])


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
