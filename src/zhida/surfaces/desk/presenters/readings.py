"""Proposals in words: what kind each is, what was read, what accepting it does, and the field that changes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.proposals import Proposal
from zhida.domain.values import yuan
from zhida.services.structuring import UNKNOWN_PLACE, Likely, own_place_in, speaks_of_new
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.facts import UNIT_NAMES

SURE = 80
KINDS = {
    "title": "标题", "number": "文号", "issued_on": "成文日期", "issuer": "发文机关", "in_force": "施行日期",
    "until": "有效期到", "lasts": "有效期长", "repeals": "废止的文件", "basis": "依据", "owner": "负责部门",
    "region": "适用地区", "topics": "主题", "role": "这一条做什么", "condition": "条件", "attribute": "新的事实",
    "amount": "金额", "rate": "比例", "band": "分档", "window": "申报时间", "date": "日期", "clock": "期限",
    "material": "材料", "item": "事项", "amount_rule": "怎么算", "budget_line": "预算", "exclusion": "排除",
    "stacking": "叠加", "contact": "联系方式", "obligation": "义务", "standard": "别的文件定的标准",
}  # fmt: skip
ROLES = {
    "condition": "条件", "benefit": "待遇", "material": "材料", "process": "流程", "clock": "时限",
    "clawback": "追回", "none": "不用计算",
}  # fmt: skip
_SUMS = {
    "threshold": "门槛", "fixed": "定额", "per_unit": "按单位", "cap": "封顶", "floor": "保底", "share": "按比例",
    "other": "没有看懂用处", "disputed": "前后不一致",
}  # fmt: skip
_LIKELY = {"named_exactly": "就叫这个名字", "named_partly": "名字里有这个词", "synonym": "行话里的同义词"}
_ACTS = {"review": "审核", "publicise": "公示", "pay": "拨付", "accept": "受理", "other": "其他"}
_DAYS = {"working_days": "个工作日", "days": "天", "months": "个月", "years": "年", "hours": "小时"}
_FACTS = {"boolean": "是或否", "number": "数", "text": "文字", "date": "日期", "texts": "多个文字"}
_NOWHERE = re.compile(rf"within\((?P<fact>\w+)(?:\([^)]*\))?, {re.escape(UNKNOWN_PLACE)}\)")
HEADER = {
    "document.number": "text", "document.issued_on": "date", "issuer": "office", "owner": "office", "region": "text",
    "document.topics": "text", "valid": "date", "valid.from": "date",
}  # fmt: skip


def kind_words(kind: str) -> str:
    """What a kind of proposal is called."""
    return say(KINDS[kind]) if kind in KINDS else kind


def told(proposal: Proposal, dictionary: Dictionary) -> str:
    """What was read, in a sentence; "" where the document does not say."""
    teller = _TELLERS.get(proposal.kind)
    if teller is not None:
        return teller(proposal.value, dictionary)
    value = {key: each for key, each in proposal.value.items() if each not in ("", [], {}, None)}
    return say("；").join(f"{each}" for each in value.values() if not isinstance(each, list | dict))


def _text(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    return str(value.get("text", ""))


def _office(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    slug = str(value.get("office", value.get("text", "")))
    entry = dictionary.offices.get(slug)
    return entry.words.get(spoken()) or entry.words.get("zh", slug) if entry else str(value.get("name", slug))


def _region(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    tree, code = dictionary.code_trees.get("region"), str(value.get("text", ""))
    return f"{tree.named(code, spoken())}（{code}）" if tree and code else code


def _amount(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    per = say("每{per}", per=say("、").join(value.get("per", ()))) if value.get("per") else ""
    role = _SUMS.get(str(value.get("role")), "")
    return say("{sum} 元，{role}{per}", sum=yuan(int(value.get("fen", 0))), role=say(role) if role else "", per=per)


def _rate(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    role = _SUMS.get(str(value.get("role")), "")
    return f"{float(value.get('value', 0)) * 100:g} %" + (say("，") + say(role) if role else "")


def _clock(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    act = say(_ACTS.get(str(value.get("act")), "其他"))
    unit = _DAYS.get(str(value.get("unit")), "")
    return say("{act}：{count}{unit}", act=act, count=value.get("count", ""), unit=say(unit) if unit else "")


def _attribute(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    owner = _office({"office": value.get("owner", "")}, dictionary) or say("还不知道")
    unit = UNIT_NAMES.get(str(value.get("unit")), "")
    kind = say(_FACTS.get(str(value.get("kind")), "文字")) + (say("，") + say(unit) if unit else "")
    return say("{words}（{kind}），多半由{owner}掌握", words=value.get("words", ""), kind=kind, owner=owner)


def _span(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    return say("{start} 起，到 {end} 止（不含）", start=value.get("from", ""), end=value.get("to") or "—")


def _condition(value: Mapping[str, Any], dictionary: Dictionary) -> str:
    """The expression; a place that is named but not known is said in words."""

    def placed(found: re.Match[str]) -> str:
        return say("{fact}在文件说的地方（还不知道是哪里）", fact=dictionary.named(found["fact"], spoken()))

    return _NOWHERE.sub(placed, str(value.get("feel", ""))) or say("没有写成式子")


_TELLERS: dict[str, Callable[[Mapping[str, Any], Dictionary], str]] = {
    "title": _text,
    "number": _text,
    "topics": _text,
    "owner": _office,
    "issuer": _office,
    "region": _region,
    "amount": _amount,
    "rate": _rate,
    "clock": _clock,
    "attribute": _attribute,
    "in_force": _span,
    "until": _span,
    "issued_on": lambda value, _: str(value.get("on", "")),
    "date": lambda value, _: str(value.get("on", "")),
    "role": lambda value, _: say(ROLES.get(str(value.get("role")), "不用计算")),
    "condition": _condition,
    "standard": lambda value, _: str(value.get("words", "")),
    "amount_rule": lambda value, _: str(value.get("is", "")),
    "item": lambda value, _: str(value.get("title", "")),
    "window": lambda value, _: f"{value.get('first') or '—'} – {value.get('last') or '—'}",
    "budget_line": lambda value, _: "",
}


def effect(proposal: Proposal, pack: Pack | None) -> str:
    """What becomes of a proposal that is accepted."""
    if proposal.kind == "attribute":
        return say("接受后，发布时写进事实字典")
    if proposal.kind == "condition":
        name = proposal.edit.get("path", "").removeprefix("requirements.")
        requirement = pack.requirements.get(name) if pack else None
        if requirement is not None and requirement.kind == "computed":
            return say("已写成规则，由系统算")
        if proposal.value.get("into") and pack:
            words = pack.words.get(spoken()) or pack.words["zh"]
            items = [words.items[one].title for one in proposal.value["into"] if one in words.items]
            return say("接受后，也是事项“{items}”的条件", items=say("、").join(items)) if items else ""
        if proposal.value.get("carries") and speaks_of_new(proposal):
            return say("连同新的事实一起接受，就写成规则")
        return say("接受后仍由人判断；改成完整的式子，就由系统算")
    if proposal.kind == "standard":
        return say("填上以后才算得出钱，没有填就按 0 算")
    if not proposal.edit:
        return say("只供对照，不写进规则")
    return ""


def change(proposal: Proposal, dictionary: Dictionary, office: str, typed: str, fault: str) -> Question | None:
    """The field in which an author says what is right instead; None where the entry has a page of its own."""
    name, path = f"v-{proposal.id}", proposal.edit.get("path", "")
    label = say("改成：{what}", what=kind_words(proposal.kind))
    if UNKNOWN_PLACE in str(proposal.value.get("feel", "")):
        asked = say("“{place}”是哪里：写地区的名称或代码", place=own_place_in(proposal.quote) or proposal.quote)
        return Question(name, asked, "text", value=typed, fault=fault)
    if proposal.kind == "standard":
        label = say("“{what}”现在是多少，例如 1309元 或 4.35%", what=proposal.value.get("words", ""))
        return Question(name, label, "text", value=typed, fault=fault)
    value = typed or _now(proposal)
    if proposal.kind == "title":
        return Question(name, label, "text", value=value, fault=fault)
    if proposal.kind == "budget_line":
        return Question(name, label, "select", choices=_lines(dictionary, office, typed), fault=fault)
    if proposal.kind == "attribute" and proposal.value.get("alike"):
        return Question(name, label, "select", choices=_known(proposal, dictionary, typed), fault=fault)
    if proposal.kind in ("condition", "amount_rule"):
        return Question(name, label, "text", value=value, fault=fault)
    if proposal.edit.get("file") != "pack.yaml" or path not in HEADER:
        return None
    if HEADER[path] == "office":
        choices = tuple(Choice(slug, _office({"office": slug}, dictionary), slug == value) for slug in {office, value})
        return Question(name, label, "select", choices=tuple(one for one in choices if one.value), fault=fault)
    return Question(name, label, HEADER[path], value=value, fault=fault)


def _now(proposal: Proposal) -> str:
    value = proposal.value
    if proposal.kind == "until" and value.get("to"):
        return str(date.fromisoformat(str(value["to"])) - timedelta(days=1))
    for key in ("text", "office", "on", "feel", "is", "from"):
        if key in value:
            return str(value[key])
    return ""


def why_likely(found: Likely) -> str:
    """Why a fact may be the one that some words mean; nearness in meaning is said to be a guess."""
    if found.why == "near_in_meaning":
        return say("意思相近，拿不准：“{said}”和“{named}”", said=found.said, named=found.named)
    return say(_LIKELY[found.why])


def _known(proposal: Proposal, dictionary: Dictionary, typed: str) -> tuple[Choice, ...]:
    """The facts that the dictionary has and a new one may be; none of them is chosen for the author."""
    alike = [(name, dictionary.attributes[name]) for name in proposal.value["alike"] if name in dictionary.attributes]
    told = [Choice(name, one.words.get(spoken()) or one.words["zh"], name == typed) for name, one in alike]
    return (Choice("", say("都不是，是新的事实")), *told)


def _lines(dictionary: Dictionary, office: str, typed: str) -> tuple[Choice, ...]:
    known = dictionary.budget_lines
    own = [name for name, entry in known.items() if entry.owner == office] or [*known]
    words = {name: known[name].words.get(spoken()) or known[name].words["zh"] for name in own}
    return (Choice("", say("选一条预算")), *(Choice(name, words[name], name == typed) for name in own))
