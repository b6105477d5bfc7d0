"""Who a policy can reach: firms (organisations), persons, households; and the codes that identify them."""

from __future__ import annotations

import re
from enum import StrEnum

from stdnum.cn import ric, uscc


class SubjectKind(StrEnum):
    """The three kinds of subject."""

    ORGANISATION = "organisation"
    PERSON = "person"
    HOUSEHOLD = "household"


class CodeVerdict(StrEnum):
    """What the face of an identifying code tells. A doubtful one is asked of the register, never silently refused."""

    SOUND = "sound"
    BAD_CHECK_DIGIT = "bad_check_digit"
    OLD_FORM = "old_form"
    FORGED = "forged"


_CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RT-UWXY]{2}[0-9]{6}[0-9A-HJ-NP-RT-UWXY]{10}")
_OLD_REGISTRATION = re.compile(r"[0-9]{15}")
_RESIDENT_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def judge_credit_code(text: str) -> CodeVerdict:
    """Judges an 18-character unified social credit code (GB 32100-2015) or an old 15-digit registration number."""
    if _OLD_REGISTRATION.fullmatch(text):
        return CodeVerdict.OLD_FORM
    if not _CREDIT_CODE.fullmatch(text):
        return CodeVerdict.FORGED
    return CodeVerdict.SOUND if uscc.calc_check_digit(text[:-1]) == text[-1] else CodeVerdict.BAD_CHECK_DIGIT


def judge_resident_number(text: str) -> CodeVerdict:
    """Judges an 18-character citizen number (GB 11643-1999) by its charset, length and check digit."""
    if not _RESIDENT_NUMBER.fullmatch(text):
        return CodeVerdict.FORGED
    return CodeVerdict.SOUND if ric.calc_check_digit(text) == text[-1] else CodeVerdict.BAD_CHECK_DIGIT
