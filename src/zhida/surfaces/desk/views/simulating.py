"""Simulations: choose an item, set scenarios, compare what comes out, take it along as a workbook or on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import AuthorError
from zhida.domain.scenarios import TakeUp
from zhida.domain.values import CHINA, local_date, once
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import working
from zhida.services.papers.report import Part, Table, report_pdf
from zhida.services.simulation import keeping
from zhida.services.simulation.converting import convert
from zhida.services.simulation.forming import scenario_file
from zhida.services.simulation.keeping import Kept, Wish
from zhida.services.simulation.workbook import workbook
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import simulated as shown
from zhida.surfaces.desk.presenters import simulating as presenter
from zhida.surfaces.desk.presenters.ahead import years_asked
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.problems import words_and_hint

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
    wish = _wish(answers, faults, as_of)
    if faults:
        return None
    try:
        return keeping.run(
            wish,
            simulation_id=once("sim", answers.get("token", "")),
            by=officer.at(officer.offices[0]),
            as_of=as_of,
            scope=officer.scope,
        )
    except AuthorError as error:
        for problem in error.problems:
            name = problem.file.removesuffix(".yaml")
            field = name if name in presenter.SCENARIOS else "assume"
            said = filter(None, (faults.get(field, ""), words_and_hint(problem, spoken())))
            faults[field] = say("；").join(said)
    return None


def _wish(answers: Answers, faults: dict[str, str], as_of: datetime) -> Wish:
    item_id, at = answers["item"], _instant(answers.get("on", ""), faults, as_of)
    published = catalogue.item(item_id, as_of=at)
    offered = presenter.offered_by(published, as_of)
    files: dict[str, bytes] = {}
    for name in presenter.SCENARIOS:
        own = {key.partition(":")[2]: text for key, text in answers.items() if key.startswith(f"{name}:")}
        own = presenter.in_fen(name, own, offered, faults)
        made = scenario_file(name, say(presenter.TITLES[name]), published.item, own, offered)
        files |= {f"{name}.yaml": made} if made is not None else {}
    assume = presenter.assumed(published, answers, faults)
    take_up = _take_up(answers.get("take_up", ""), faults)
    years, yearly = years_asked(answers, take_up, faults)
    return Wish((item_id,), files, at, take_up, assume, years=years, yearly_fen=yearly)


def _instant(text: str, faults: dict[str, str], as_of: datetime) -> datetime:
    if not text.strip():
        return as_of
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        faults["on"] = say("写成 2026-03-01 这样")
        return as_of
    return as_of if day >= local_date(as_of) else datetime.combine(day, time(23, 59, 59), CHINA)


def _take_up(text: str, faults: dict[str, str]) -> TakeUp:
    try:
        shares = [Decimal(part.strip()) for part in (text.strip() or "1").split(",")]
    except InvalidOperation:
        shares = []
    shares = shares * 3 if len(shares) == 1 else shares
    if len(shares) != 3 or not 0 <= shares[0] <= shares[1] <= shares[2] <= 1:
        faults["take_up"] = say("写一个 0 到 1 的数，或从小到大的三个，用逗号隔开")
        shares = [Decimal(1)] * 3
    return TakeUp(*shares)


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
    body = workbook(kept.outcome, shown.names_of(kept.outcome), shown.heads(), kept.ran_at)
    return _file(body, _XLSX, f"{kept.id}.xlsx")


@require_safe
@for_duty("author", "operator")
def simulation_paper(request: HttpRequest, simulation_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The run as a report."""
    page = shown.simulated_page(keeping.kept(simulation_id, presenter.places_of(officer)))
    heads = (say("方案"), say("户数"), say("金额，元"), say("申请额，元"), say("受益"), say("受损"))
    rows = [(one.name, one.subjects, one.fen, one.asked, one.winners, one.losers) for one in page.worlds]
    parts = [Part(say("方案对比"), page.notes, Table(heads, rows, (3, 2, 3, 5, 4, 4)))]
    for each in page.ahead:
        told = [(one.year, one.entitled, one.came_in, one.dropped_out, one.due, one.carried) for one in each.lines]
        columns = (
            say("年份"), say("符合条件"), say("新进户数"), say("退出户数"), say("应付，元"), say("其中以往开始，元")
        )  # fmt: skip
        parts.append(Part(each.title, (), Table(columns, told, (2, 2, 2, 2, 4, 4))))
    for cut in page.cuts:
        names = [one.name for one in page.worlds]
        table = [("　" * line.depth + line.name, *(fen for _, fen, _ in line.figures)) for line in cut.lines]
        parts.append(Part(cut.title, (), Table((cut.title, *names), table, (4, *(3 for _ in names)))))
    foot = say("{id}，账本里的事实 {fact}，摘要 {digest}", id=page.id, fact=page.fact, digest=page.digest[:16])
    return _file(report_pdf(page.headline, [page.lead], parts, foot=foot), "application/pdf", f"{page.id}.pdf")


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
