"""Which attributes of the dictionary a few words may mean: by name, by the words of the trade, by likeness."""

from __future__ import annotations

from zhida.domain.packs import Attribute, Dictionary
from zhida.domain.packs.likeness import pairs_of
from zhida.domain.values import SubjectKind
from zhida.services.structuring.attributes import synonym_length

_EXACT, _SYNONYM = 3.0, 1.0
_EVERYWHERE = {*"年月日数的上本度"}


def attributes_like(
    phrase: str, dictionary: Dictionary, audience: SubjectKind, *, limit: int = 8
) -> tuple[Attribute, ...]:
    """The attributes that a phrase may mean for one kind of subject, the likeliest first; none where nothing is alike.

    Deterministic: names that stand in the phrase or it in them, then synonyms, then shared pairs of characters, in the
    name before the source.
    """
    wanted, text = pairs_of(phrase), phrase.strip().lower()
    found = []
    for name, attribute in dictionary.attributes.items():
        if audience in attribute.audience and text:
            score = _score(text, wanted, name, attribute)
            if score > 0:
                found.append((-score, name, attribute))
    return tuple(attribute for _, _, attribute in sorted(found, key=lambda each: each[:2])[:limit])


def _score(text: str, wanted: frozenset[str], name: str, attribute: Attribute) -> float:
    words = attribute.words.get("zh", "")
    labels = [each for each in (words, attribute.words.get("en", "").lower(), name) if each]
    if text in labels:
        return _EXACT + 1
    if any(text in each or each in text for each in labels):
        return _EXACT - abs(len(words) - len(text)) / 100
    if synonym_length(words, text):
        return _SYNONYM + _alike(words, wanted)
    return max(_alike(words, wanted), _alike(attribute.source, wanted) / 2, _shared(words, text))


def _shared(words: str, text: str) -> float:
    """How many of a phrase's characters a name has, from 0 to a third; those that every name has count for nothing."""
    telling = {*text} - _EVERYWHERE
    return len(telling & {*words}) / len(telling) / 3 if telling else 0.0


def _alike(words: str, wanted: frozenset[str]) -> float:
    """How much two texts share, from 0 to 1."""
    pairs = pairs_of(words)
    return 2 * len(pairs & wanted) / (len(pairs) + len(wanted)) if pairs and wanted else 0.0
