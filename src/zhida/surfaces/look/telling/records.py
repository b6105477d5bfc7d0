"""A related record in a person's words: its fields and what they hold."""

from __future__ import annotations

from collections.abc import Mapping

from zhida.domain.packs import Dictionary, Pack, RelationAttribute
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling import facts as fact_words

SUBJECT = "subject_"


def record_words(
    row: Mapping[str, object],
    entry: RelationAttribute,
    dictionary: Dictionary,
    pack: Pack | None = None,
    *,
    most: int = 20,
) -> str:
    """The first `most` known fields by their names, ids of subjects left out: `方式 报废，旧车燃料 汽油`."""
    singular, words = entry.relation.singular, entry.field_words
    shown = []
    for name, kind in entry.relation.fields.items():
        value = row.get(name)
        if value is None or str(value).startswith(SUBJECT):
            continue
        choices = fact_words.choices_of(f"{singular}.{name}", dictionary, pack)
        called = words[name].get(spoken()) or words[name]["zh"]
        shown.append(f"{called} {fact_words.written(value, kind, dictionary, choices)}")
    return say("，").join(shown[:most])
