"""What a subject is told of its case, in the words of the platform and the pack."""

from __future__ import annotations

from zhida.kernel.cases.models import Case
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.notices.actions import News
from zhida.kernel.notices.templates import Values


def news_of(row: Case, template: str, values: Values) -> News:
    """One notice about the case as it now stands; the same news of the same version is told once."""
    return News(
        template=template,
        values={"item": titles_of(row), **values},
        key=f"{row.id}|{template}|{row.version}",
        subject_id=row.subject_id,
        item_id=row.item,
        case_id=row.id,
    )


def titles_of(row: Case) -> tuple[str, str]:
    """The item's title in Chinese and English, Chinese where the pack has no English."""
    wording = catalogue.revision(row.revision_id).words
    name = row.item.rpartition("/")[2]
    zh = wording["zh"].items[name].title
    return zh, wording["en"].items[name].title if "en" in wording else zh
