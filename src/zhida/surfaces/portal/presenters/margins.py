"""What stands in the margin of a policy's text: what each clause became in an item."""

from __future__ import annotations

from collections.abc import Iterator

from zhida.domain.packs import Item, Pack
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.cases import step_names
from zhida.surfaces.look.telling.policies import claim_words, requirement_title


def became_of(pack: Pack, item: Item) -> dict[str, tuple[Text | str, ...]]:
    """Anchor to the names of what rests on it; how the item is claimed where only the item as a whole does."""
    found: dict[str, dict[str, Text | str]] = {}
    for anchor, words in (*_conditions(pack, item), *_sums(pack, item), *_later(pack, item)):
        found.setdefault(anchor, {})[str(words)] = words
    for anchor in item.cites:
        found.setdefault(anchor, {"": claim_words(item.claim)})
    return {anchor: tuple(words.values()) for anchor, words in found.items()}


def _conditions(pack: Pack, item: Item) -> Iterator[tuple[str, Text | str]]:
    for requirement in item.program.requires:
        cited = [*requirement.cites, *(anchor for one in requirement.alternatives for anchor in one.cites)]
        yield from ((anchor, requirement_title(pack, requirement.name)) for anchor in cited)


def _sums(pack: Pack, item: Item) -> Iterator[tuple[str, Text | str]]:
    if not item.benefit.amount:
        return
    for one in (*pack.schema.amounts.values(), *pack.schema.tables.values()):
        yield from ((anchor, say("给多少")) for anchor in one.cites)


def _later(pack: Pack, item: Item) -> Iterator[tuple[str, Text | str]]:
    steps = pack.process.steps if pack.process else ()
    for step, name in zip(steps, step_names(steps), strict=True):
        yield from ((anchor, name) for anchor in step.cites)
    for one in item.obligations:
        yield from ((anchor, say("拿到以后要守的")) for anchor in one.cites)
