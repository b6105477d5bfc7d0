"""What the applicant will read of a decision, before it is made: one letter for each way that is open."""

from __future__ import annotations

from datetime import date

from zhida.domain.packs import reason_words
from zhida.domain.rules import Answer, Assessment, Met
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.notices.templates import render
from zhida.surfaces.look.language import Text, say, spoken

OUTCOMES = {"pass": ("予以兑现", "granted"), "refuse": ("不予兑现", "refused")}


def letters_of(
    published: PublishedItem, found: Assessment, case: CaseRecord, today: date
) -> tuple[tuple[str, Text, Text], ...]:
    """For each outcome: its name, the letter's title and its body, with the reasons that the rules give.

    Where the officer writes a reason, it stands in their place.
    """
    name, words = case.item.rpartition("/")[2], published.pack.words
    titles = tuple((words.get(lang) or words["zh"]).items[name].title for lang in ("zh", "en"))
    kinds = {"pass": (Met.MET,), "refuse": (Met.NOT_MET, Met.UNKNOWN)}
    open_ways = ("pass",) if found.answer is Answer.ENTITLED else ("refuse",)
    letters = []
    for way in open_ways:
        deciding = [reason for reason in found.reasons if reason.answer in kinds[way]]
        reasons = tuple(
            sign.join(reason_words(published.pack, one, lang, as_of=today) for one in deciding)
            for lang, sign in (("zh", "；"), ("en", "; "))
        )
        values = {"item": titles, "outcome": OUTCOMES[way], "reason": reasons}
        letter = render("case_decided", values)
        lang = spoken()
        shown = say("同意") if way == "pass" else say("不予同意")
        letters.append((shown, Text(letter.title(lang), lang), Text(letter.body(lang), lang)))
    return tuple(letters)
