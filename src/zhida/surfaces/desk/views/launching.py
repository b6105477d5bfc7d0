"""From a draft to what is in force: examples taken, cost seen, proposed by one, confirmed by another."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs import reading_digest, revision_of
from zhida.domain.packs.example_files import ACCEPTED, accepted, without, write_examples
from zhida.domain.scenarios import TakeUp
from zhida.domain.values import local_date, once
from zhida.services.authoring import checking, publishing, working
from zhida.services.authoring.archive import packed
from zhida.services.authoring.records import DraftRecord
from zhida.services.simulation.unpublished import kinds_of, run_unpublished
from zhida.surfaces.desk.acts import Posted, posted, refused, with_faults
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import launching as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.hindrances import pays
from zhida.surfaces.desk.presenters.saying import fact_of
from zhida.surfaces.desk.speaking import written
from zhida.surfaces.desk.views.drafting import WRITERS
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.problems import all_told, words_and_hint


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def launch(request: HttpRequest, draft_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Everything that stands between a draft and what is in force; a POST takes examples, simulates, or acts."""
    found = working.draft(draft_id, places_of(officer))
    faults: dict[str, str] = {}
    what = request.POST.get("what", "")
    if request.method == "POST" and what in _DONE:
        done = _DONE[what](request, found, faults, officer, as_of)
        if done is not None:
            return done
    page = presenter.launch_page(found, officer, as_of, faults)
    context = {"page": page, "acts": page.acts, "section": "drafts"}
    listed = [Fault(name, words) for name, words in faults.items()]
    if request.method == "POST" and not what:
        tried = posted(request, page.acts)
        tried = _act(request, tried, found, page, officer, as_of)
        if not tried.faults:
            return redirect("desk:drafts" if tried.act.name == presenter.DROP else "desk:launch", *_args(tried, found))
        context["acts"] = with_faults(page.acts, tried, request.POST)
        listed = list(tried.faults)
    return render(request, "desk/launch.html", {**context, "faults": listed})


def _args(tried: Posted, found: DraftRecord) -> list[str]:
    return [] if tried.act.name == presenter.DROP else [found.id]


def _examples(
    request: HttpRequest, found: DraftRecord, faults: dict[str, str], officer: Officer, as_of: datetime
) -> HttpResponse | None:
    report = checking.check(found, local_date(as_of))
    offered = presenter.examples_of(report)
    left_out = {*request.POST.getlist("not")}
    shown = {*request.POST.getlist("shown")} - left_out
    taken = [number for number, one in enumerate(offered, start=1) if one.case.name in shown]
    if not taken or not request.POST.get("seen"):
        faults["seen-examples"] = say("请先对过每个例子，再勾选“都与原文对过”")
        return None
    path = f"{found.pack_id}/{ACCEPTED}"
    _, whole = accepted(write_examples(offered), found.files.get(path, b"").decode(), taken)
    working.write(
        draft_id=found.id, version=_version(request, found), files={path: whole.encode()},
        by=officer.at(found.office), as_of=as_of, why="draft.examples_taken",
        told={"examples": [offered[number - 1].case.name for number in taken]},
    )  # fmt: skip
    messages.success(request, say("收下 {n} 个例子", n=len(taken)))
    return redirect("desk:launch", found.id)


def _cost(
    request: HttpRequest, found: DraftRecord, faults: dict[str, str], officer: Officer, as_of: datetime
) -> HttpResponse | None:
    reading = checking.read(found)
    pack = reading.pack
    if pack is None:
        faults["cost"] = say("草稿里还有不对的地方，先改好再推演")
        return None
    take_up = _take_up(request.POST.get("take_up", ""), faults)
    assume = {}
    for name in presenter.asked_of(pack, presenter.pending_facts(reading.root.dictionary)):
        text = request.POST.get(f"a-{name}", "").strip()[:200]
        fact = fact_of(name, pack, reading.root.dictionary)
        try:
            assume[name] = written(text, fact) if text and fact and fact.kind == "number" else text
        except AuthorError:
            faults[f"a-{name}"] = say("请写上对的内容")
    if faults:
        return None
    tokens = [*request.POST.getlist("token"), "", "", ""]
    try:
        for audience, token in zip(kinds_of(pack), tokens, strict=False):
            run_unpublished(
                reading.root, pack, audience, simulation_id=once("sim", token), by=officer.at(found.office),
                as_of=as_of, scope=officer.scope, take_up=take_up,
                assume={name: value for name, value in assume.items() if value}, told={"reading": reading_digest(pack)},
            )  # fmt: skip
    except AuthorError as error:
        for problem in error.problems:
            faults[f"a-{problem.file.removeprefix('assume ')}"] = words_and_hint(problem, spoken())
        return None
    except ConflictError as error:
        faults["take_up"] = say(_CANNOT.get(error.code, "现在推演不了"))
        return None
    messages.success(request, say("已推演并记入账本"))
    return redirect(f"{reverse('desk:launch', args=[found.id])}#m")


def _drop_failed(
    request: HttpRequest, found: DraftRecord, faults: dict[str, str], officer: Officer, as_of: datetime
) -> HttpResponse | None:
    """Takes out the accepted examples that no longer hold, so that new ones are made of the rules as they are."""
    report = checking.check(found, local_date(as_of))
    path = f"{found.pack_id}/{ACCEPTED}"
    whole, count = without(found.files.get(path, b"").decode(), {one.case.name for one in report.failed})
    if not count:
        faults["e"] = say("这些例子不是在这里收的，请改文件")
        return None
    working.write(
        draft_id=found.id, version=_version(request, found), files={path: whole.encode() or None},
        by=officer.at(found.office), as_of=as_of, why="draft.edited", told={"entry": "golden"},
    )  # fmt: skip
    messages.success(request, say("去掉了 {n} 个例子", n=count))
    return redirect(f"{reverse('desk:launch', args=[found.id])}#e")


_DONE = {"examples": _examples, "cost": _cost, "failed": _drop_failed}
_CANNOT = {
    "nothing_to_simulate": "还没有全体对象的数据，推演不了：请有“管理”职责的同事先做一次快照",
}


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


def _act(
    request: HttpRequest,
    tried: Posted,
    found: DraftRecord,
    page: presenter.LaunchPage,
    officer: Officer,
    as_of: datetime,
) -> Posted:
    by, name = officer.at(found.office), tried.act.name
    try:
        if name == presenter.PROPOSE:
            tried, day = _day(request, tried, as_of)
            tried = _cost_seen(tried, found, page)
            if not tried.faults:
                version = int(tried.token) if tried.token.isdecimal() else 0
                publishing.propose(draft_id=found.id, version=version, publish_on=day, by=by, as_of=as_of)
        elif name == presenter.CONFIRM:
            publishing.confirm(draft_id=found.id, seen_hash=tried.token, by=by, as_of=as_of)
        elif name == presenter.TAKE_BACK:
            publishing.take_back(draft_id=found.id, by=by, as_of=as_of)
        else:
            version = int(tried.token) if tried.token.isdecimal() else 0
            working.drop(draft_id=found.id, version=version, by=by, as_of=as_of)
    except AuthorError as error:
        return refused(tried, name, all_told(error.problems, spoken()))
    if not tried.faults:
        messages.success(request, say("已办：{words}", words=tried.act.words))
    return tried


def _cost_seen(tried: Posted, found: DraftRecord, page: presenter.LaunchPage) -> Posted:
    """Money is not proposed before its cost has been seen."""
    pack = checking.read(found).pack
    if pack is None or not pays(pack) or page.is_cost_seen:
        return tried
    return refused(tried, "take_up", say("请先推演这一稿：看到要花多少钱，再提出发布"))


def _day(request: HttpRequest, tried: Posted, as_of: datetime) -> tuple[Posted, date | None]:
    text = request.POST.get("publish_on", "").strip()
    if not text:
        return tried, None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return refused(tried, "publish_on", say("写成 2026-03-01 这样")), None
    if day <= local_date(as_of):
        return refused(tried, "publish_on", say("要在今天以后；今天就发布的不用填")), None
    return tried, day


def _version(request: HttpRequest, found: DraftRecord) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else found.version


@require_safe
@for_duty(*WRITERS)
def draft_pack_file(request: HttpRequest, draft_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The draft as `zhida pack export` would write it: the same bytes."""
    found = working.draft(draft_id, places_of(officer))
    reading = checking.read(found)
    if reading.pack is None:
        raise ConflictError("draft_not_sound", f"{draft_id} has problems", "mend them first")
    body = packed(revision_of(reading.root, reading.pack).files)
    response = HttpResponse(body, content_type="application/zip")
    name = found.pack_id.replace("/", "-")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
