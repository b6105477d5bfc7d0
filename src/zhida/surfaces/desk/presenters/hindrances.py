"""Why a draft cannot be proposed yet: each thing in a sentence, with the way to the form that mends it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from zhida.domain.packs import Pack
from zhida.domain.packs.boundaries import Refused
from zhida.domain.packs.examples import Coverage, Entitled
from zhida.domain.packs.lint import Finding
from zhida.services.authoring import checking
from zhida.services.authoring.records import DraftRecord
from zhida.services.structuring import NO_NUMBER, is_no_title
from zhida.surfaces.desk.drafting_records import Step
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling.problems import told

_HOPELESS = ("never_true", "never_entitled")


def pays(pack: Pack) -> bool:
    """Whether any item gives money."""
    return any(item.program.amount is not None for item in pack.items.values())


def hindrances(draft: DraftRecord, report: checking.Report, *, is_cost_seen: bool) -> Iterator[Step]:
    """Everything in the order in which it is mended: what was read, mistakes, hopeless rules, examples, the cost."""
    waiting, launch = head_of(draft, "").open, reverse("desk:launch", args=[draft.id])
    if waiting:
        words = say("还有 {n} 处读出来的没有人核对", n=waiting)
        yield Step(words, reverse("desk:draft", args=[draft.id]), say("去核对"))
    if report.reading.forbidding:
        words = say("草稿里有 {n} 处不对", n=len(report.reading.forbidding))
        yield Step(words, f"{launch}#p", say("看是哪几处"))
    pack = report.reading.pack
    if pack is None:
        return
    yield from _hopeless(draft, report, pack)
    yield from _examples(report, pack, launch)
    if pays(pack) and not is_cost_seen:
        yield Step(say("还没有看过这一稿要花多少钱"), f"{launch}#m", say("去推演"))
    if is_no_title(pack.document.title):
        yield Step(say("文件没有读出题名，现在写的是第一句"), _entry(draft, "header", "pack"), say("填上题名"))
    if pack.document.number == NO_NUMBER:
        yield Step(say("文号还空着"), _entry(draft, "header", "pack"), say("填上"))
    if not report.can_be_proposed and not any(_lacks(one) for one in report.coverage):
        yield from (Step(told(each, spoken()), f"{launch}#e", say("去看例子")) for each in report.tier.lacks)


def _hopeless(draft: DraftRecord, report: checking.Report, pack: Pack) -> Iterator[Step]:
    """Conditions that nobody can meet, by what they are called."""
    found = [each for each in report.findings if each.code in _HOPELESS]
    for each in {each.names or each.about: each for each in reversed(found)}.values():
        if each.code == "never_true":
            name = each.about
            words = say("没有人能满足“{name}”：它自己就不可能成立", name=_title(pack, name))
        else:
            name = each.names[-1]
            item, names = _item(pack, each.about), _quoted(pack, each)
            words = say("没有人能满足“{item}”：这几条互相排斥：{names}", item=item, names=names)
        yield Step(words, _entry(draft, "requirements", name), say("改“{name}”", name=_title(pack, name)))
    hopeless = {each.about for each in found if each.code == "never_entitled"}
    bad = {each.about for each in found if each.code == "never_true"}
    for one in report.coverage:
        name = one.item.rpartition("/")[2]
        if not one.proposed and not one.shown and name not in hopeless and not bad & {*pack.items[name].requires}:
            words = say("系统给“{item}”举不出符合的例子：有它解不开的式子，请改成由人判断", item=_item(pack, name))
            yield Step(words, _entry(draft, "items", name), say("看它的条件"))


def _quoted(pack: Pack, each: Finding) -> str:
    return say("、").join(f"“{_title(pack, name)}”" for name in each.names)


def _examples(report: checking.Report, pack: Pack, launch: str) -> Iterator[Step]:
    if report.failed:
        words = say("{n} 个例子和现在的规则不符", n=len(report.failed))
        yield Step(words, f"{launch}#e", say("去看例子"))
    lacking = [one for one in report.coverage if _lacks(one)]
    if lacking:
        names = say("、").join(f"“{_item(pack, one.item.rpartition('/')[2])}”" for one in lacking[:3])
        more = say("等 {n} 个事项", n=len(lacking)) if len(lacking) > 3 else ""
        words = say("{names}{more}还没有收下的例子：每个事项要有一个符合的、一个不符合的", names=names, more=more)
        yield Step(words, f"{launch}#e", say("去对例子"))


def _lacks(one: Coverage) -> bool:
    """Whether somebody entitled, or the first one refused, is among the examples that wait."""
    has_refused = any(isinstance(goal, Refused) for goal in one.shown)
    return any(isinstance(each.goal, Entitled) or not has_refused for each in one.proposed)


def _entry(draft: DraftRecord, kind: str, name: str) -> str:
    return reverse("desk:entry", args=[draft.id, kind, name])


def _title(pack: Pack, name: str) -> str:
    words = (pack.words.get(spoken()) or pack.words["zh"]).requirements.get(name)
    return words.title if words else name


def _item(pack: Pack, name: str) -> str:
    words = (pack.words.get(spoken()) or pack.words["zh"]).items.get(name)
    return words.title if words else name
