"""Finding policies by words: what the search app answers, in the order of its rank."""

from __future__ import annotations

from datetime import datetime

from zhida.kernel.catalogue import queries as catalogue


def found_packs(text: str, as_of: datetime) -> dict[str, str]:
    """Pack ids that answer a text, the best first, each with why it was found."""
    records = catalogue.policies(as_of=as_of)
    words = text.split()
    return {
        record.pack_id: ""
        for record in records
        if all(
            word in f"{record.title_zh} {record.plain_zh} {record.document_number} {record.title_en}" for word in words
        )
    }
