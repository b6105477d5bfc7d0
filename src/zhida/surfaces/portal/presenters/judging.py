"""Rating a case in five grades, and asking for a second look at its decision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.feedback import desk, rating
from zhida.services.feedback.desk import Kind, Message
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Choice, Fault, Question
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import title_of
from zhida.surfaces.portal.records.claims import Judged
from zhida.surfaces.portal.records.mine import JudgingPage

GRADES = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
ASPECTS = {"speed": "快慢", "guide": "指南说得准不准", "ease": "方便不方便", "site": "网站好不好用"}
GROUNDS = {
    "facts": "用的数据不对",
    "rules": "条件用错了，或没有用到",
    "papers": "交的材料没有看",
    "amount": "金额算错了",
    "other": "别的原因",
}
APPEAL_DAYS = 60  # 行政复议法 art. 20: from when one knows of the decision


def can_rate(case: CaseRecord) -> bool:
    """Whether a case has come out, so that it can be rated."""
    return case.outcome in ("granted", "refused")


def can_ask(case: CaseRecord, as_of: datetime) -> bool:
    """Whether a second look at a decision can still be asked for."""
    is_young = case.decided_at is not None and as_of < case.decided_at + timedelta(days=APPEAL_DAYS)
    return is_young and desk.message_about(case.id, Kind.REVIEW) is None


def rated(case: CaseRecord) -> Judged | None:
    """How a case was rated and what the office says to it."""
    given = rating.rating_of(case.id)
    if given is None:
        return None
    about = say("、").join(say(ASPECTS[one]) for one in given.aspects)
    return _judged(say(GRADES[given.grade]), given.rated_at, about, desk.message_about(case.id, Kind.RATING))


def asked(case: CaseRecord) -> Judged | None:
    """What was asked of a decision and what the office answers."""
    message = desk.message_about(case.id, Kind.REVIEW)
    return _judged(message.words, message.received_at, "", message) if message else None


def _judged(words: str, said_at: datetime, note: str, message: Message | None) -> Judged:
    if message is None:
        return Judged(words, said_at, note)
    due = None if message.answered_at else message.due_on
    return Judged(words, said_at, note, due, message.answer, message.answered_at, office_name(message.office))


def rated_case(case: CaseRecord, grade: int, aspects: Collection[str], page: str) -> rating.Rated:
    """A case as it is rated, with the grade in words for the office that calls back."""
    named = say("、", lang="zh").join(say(words, lang="zh") for name, words in ASPECTS.items() if name in aspects)
    about = f"{say(GRADES[grade], lang='zh')}。{named}。" if named else f"{say(GRADES[grade], lang='zh')}。"
    return rating.Rated(case.id, case.item, case.office, page, about)


def rating_page(case: CaseRecord, grade: str, aspects: Collection[str], words: str, fault: str) -> JudgingPage:
    """The form that rates a case."""
    choices = tuple(Choice(str(number), say(name), str(number) == grade) for number, name in GRADES.items())
    question = Question("grade", say("这件事办得怎么样"), "choice", "", "", choices, grade, fault)
    chosen = tuple((name, say(label), name in aspects) for name, label in ASPECTS.items())
    return JudgingPage(case.id, _title(case), office_name(case.office), (question,), chosen, words,
                       (Fault("grade", fault),) if fault else ())  # fmt: skip


def asking_page(case: CaseRecord, ground: str, words: str, fault: str) -> JudgingPage:
    """The form that asks for a second look."""
    choices = tuple(Choice(name, say(label), name == ground) for name, label in GROUNDS.items())
    questions = (
        Question("ground", say("哪里不对"), "choice", "", "", choices, ground),
        Question("words", say("请说说"), "long", say("写清楚您知道的事实。不用再交材料。"), value=words, fault=fault),
    )
    faults = (Fault("words", fault),) if fault else ()
    return JudgingPage(case.id, _title(case), office_name(case.office), questions, (), words, faults)


def _title(case: CaseRecord) -> Text:
    published = catalogue.pinned_item(case.revision_id, case.item)
    return title_of(published.pack, published.item)
