"""Rating how a case was served, once, in five grades (国办发〔2019〕51号); a bad grade is called back and answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count

from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.ledger import actions as ledger
from zhida.services.feedback import desk
from zhida.services.feedback.masking import mask
from zhida.services.feedback.models import Rating

GRADES = (5, 4, 3, 2, 1)
BAD = 2
"""From this grade down an office has to answer."""
ASPECTS = ("speed", "guide", "ease", "site")
FEW = 5


@dataclass(frozen=True)
class Given:
    """What was said of a case: the grade, what about it, and in which words, numbers hidden."""

    case: str
    grade: int
    aspects: tuple[str, ...]
    words: str
    rated_at: datetime


@dataclass(frozen=True)
class Rated:
    """The case that is rated, and the office that served it; `about` says the grade in words, for the call-back."""

    case: str
    item: str
    office: str
    page: str
    about: str = ""


@transaction.atomic
def rate(*, rated: Rated, grade: int, aspects: Collection[str], words: str, by: Actor, as_of: datetime) -> None:
    """Keeps a rating; a bad one becomes a message that the office answers within three working days.

    Raises ApplicantError `grade_missing`, ConflictError `already_rated`. Records `case.rated` without the words.
    """
    if grade not in GRADES:
        raise ApplicantError("grade_missing", field="grade", zh="请选一个等级", en="Please choose a grade")
    kept, plain = sorted({one for one in aspects if one in ASPECTS}), mask(words.strip())[: desk.LONGEST]
    try:
        with transaction.atomic():
            Rating.objects.create(case=rated.case, item=rated.item, office=rated.office, grade=grade, aspects=kept,
                                  words=plain, rated_at=utc(as_of))  # fmt: skip
    except IntegrityError as error:
        raise ConflictError("already_rated", f"{rated.case} was rated", "one case is rated once") from error
    ledger.record(kind="case.rated", about=rated.case, fields={"grade": grade, "aspects": kept}, by=by, as_of=as_of)
    if grade <= BAD:
        told = f"{rated.about}{plain}".strip() or str(grade)
        said = desk.Said(rated.page, desk.Kind.RATING, told[: desk.LONGEST], case=rated.case)
        desk.receive(feedback_id=new_id("feedback"), said=said, office=rated.office, by=by, as_of=as_of)


def rating_of(case_id: str) -> Given | None:
    """How a case was rated."""
    row = Rating.objects.filter(case=case_id).first()
    return Given(row.case, row.grade, tuple(row.aspects), row.words, row.rated_at) if row else None


def averages() -> Mapping[str, tuple[int, float]]:
    """By item how many ratings there are and their mean, where there are enough that nobody is told apart."""
    rows = Rating.objects.values_list("item").annotate(n=Count("pk"), mean=Avg("grade")).filter(n__gte=FEW)
    return {item: (n, mean) for item, n, mean in rows}
