"""The feedback form: about which page, what about, and what of it will be kept."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from zhida.services.feedback.desk import OF_A_PAGE, Kind, Said
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Fault, Question
from zhida.surfaces.look.telling.filing import FEEDBACK_KINDS


@dataclass(frozen=True)
class FeedbackPage:
    """The form filled so far; `is_check` shows what will be kept, and `submission` names it before it is sent."""

    said: Said
    kind: str
    questions: tuple[Question, ...]
    is_check: bool
    submission: str
    picture: str


def kind_words(kind: Kind) -> str:
    """What a message is about, in words."""
    return say(FEEDBACK_KINDS[kind])


def page(said: Said, faults: tuple[Fault, ...], *, is_check: bool, submission: str) -> FeedbackPage:
    """The form, or what it came to."""
    fault = next((one.words for one in faults if one.field == "words"), "")
    choices = tuple(Choice(kind, kind_words(kind), kind == said.kind) for kind in OF_A_PAGE)
    questions = (
        Question("kind", say("是哪一种"), "choice", choices=choices, value=str(said.kind)),
        Question("words", say("请说说"), "long", say("身份证号、手机号、账号不用写；写了也会先隐去再保存。"),
                 value=said.words, fault=fault),
        Question("contact", say("怎么联系您"), "text", say("不留也受理，凭下一页的编号看答复。"), value=said.contact,
                 is_optional=True),
    )  # fmt: skip
    picture = base64.b64encode(said.picture).decode()
    return FeedbackPage(said, kind_words(said.kind), questions, is_check, submission, picture)
