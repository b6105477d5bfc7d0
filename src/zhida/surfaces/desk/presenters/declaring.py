"""Whom an officer stands aside from, as the officer alone sees it, and the form that declares one more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zhida.domain.values import new_id
from zhida.services.controls.kinship import OWN, RELATIONS, ties_of
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question

DECLARE = "declare"
RELATION_NAMES: Mapping[str, str] = {
    "self": "本人",
    "spouse": "配偶",
    "lineal": "直系血亲",
    "collateral": "三代以内旁系血亲",
    "in_law": "近姻亲",
    "firm": "本人或亲属有份的单位",
}
_SHOWN = 4


@dataclass(frozen=True)
class DeclaredLine:
    """One declaration: how they stand to the officer, the name, the end of the number, who declared it and when."""

    relation: str
    name: str
    tail: str
    is_own: bool
    declared_at: datetime


@dataclass(frozen=True)
class DeclarationDesk:
    """An officer's declarations in force."""

    headline: str
    lines: tuple[DeclaredLine, ...]


def declaration_desk(officer: Officer) -> DeclarationDesk:
    """What the officer declared, or the personnel office brought, the oldest first."""
    lines = tuple(
        DeclaredLine(say(RELATION_NAMES[one.relation]), one.name, one.number[-_SHOWN:], one.source == OWN,
                     one.declared_at)
        for one in ties_of(officer.account)
    )  # fmt: skip
    headline = say("申报了 {n} 人或单位", n=len(lines)) if lines else say("还没有申报")
    return DeclarationDesk(headline, lines)


def declaring() -> Act:
    """The form of one more declaration."""
    relations = (Choice("", say("请选择"), True), *(Choice(name, say(RELATION_NAMES[name])) for name in RELATIONS))
    return Act(
        DECLARE,
        say("登记申报"),
        say("申报后立即生效；要去掉，请人事部门办理，自己去不掉。"),
        "act",
        questions=(
            Question("relation", say("是您的什么人"), "select", choices=relations),
            Question("name", say("姓名或名称"), "text"),
            Question(
                "number", say("公民身份号码或统一社会信用代码"), "text", why=say("加密保存，只用来认出这个人或单位。")
            ),
        ),
        token=new_id("tie"),
    )
