"""How far a pack can be trusted, computed from what it shows and never declared; each tier says what it lacks.

bronze: sound, with an eligible and a refused case for every item. silver: besides, every requirement refused once, a
case with something unknown, and no rule mutant survives. gold: besides, replayed on past decisions, read by its owner
since the last change, in both languages. Only gold pays without a person. A draft with an open proposal has none: a
machine's reading is not published before a person has settled all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.checks.wording import missing_words
from zhida.domain.packs.golden import GoldenReport, run_golden
from zhida.domain.packs.mutants import run_mutants
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.proposals import open_proposals
from zhida.domain.packs.root import Root
from zhida.domain.packs.wording import LANGUAGES
from zhida.domain.sentences import tell

MIN_REPLAYED = 100
_UNREAD_BY_OWNER = ("pack.yaml", "README.md", "golden/")
_KNOWN: dict[str, Tier] = {}


class TierName(StrEnum):
    """From below upwards."""

    NONE = "none"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@dataclass(frozen=True)
class ReplayEvidence:
    """A replay of this very revision on past decisions: how many cases, and how many of them came out the same or
    differ for a reason that an officer wrote down."""

    cases: int
    agreed: int


@dataclass(frozen=True)
class Tier:
    """A pack's tier, and in words what it lacks for the next one."""

    tier: TierName
    lacks: tuple[str, ...]


def tier_of(
    root: Root, pack: Pack, *, replayed: ReplayEvidence | None = None, read_by_owner: bool | None = None
) -> Tier:
    """The tier of a pack of a root. `read_by_owner` None takes the word of pack.yaml, which names a digest.

    Raises InvariantBroken for a pack that the root does not hold as sound.
    """
    if pack.id not in root.packs:
        raise InvariantBroken("pack_not_sound", f"{pack.id} is not among the sound packs of its root")
    shown = _KNOWN.get(pack.hash)
    if shown is None or not pack.hash:
        shown = _KNOWN[pack.hash] = _shown_by(pack)
    if shown.tier is not TierName.SILVER:
        return shown
    was_read = is_read_by_owner(pack) if read_by_owner is None else read_by_owner
    lacks = tuple(_lacks_for_gold(pack, replayed, was_read))
    return Tier(TierName.SILVER if lacks else TierName.GOLD, lacks)


def _shown_by(pack: Pack) -> Tier:
    """The tier that golden cases and mutants alone can give, silver at most: a function of the pack's content."""
    lacks: tuple[str, ...] = tuple(tell("open proposal {told}", told=each.told) for each in open_proposals(pack.files))
    if lacks:
        return Tier(TierName.NONE, lacks)
    report = run_golden(pack)
    lacks = tuple(_lacks_for_bronze(pack, report))
    if lacks:
        return Tier(TierName.NONE, lacks)
    lacks = tuple(_lacks_for_silver(pack, report))
    return Tier(TierName.BRONZE if lacks else TierName.SILVER, lacks)


def reading_digest(pack: Pack) -> str:
    """SHA-256 in hex of what an owner reads: text, rules, parameters, items, form, process, explanations and words."""
    digest = hashlib.sha256()
    for name in sorted(pack.files):
        if not name.startswith(_UNREAD_BY_OWNER):
            digest.update(f"{name}\n{len(pack.files[name])}\n".encode() + pack.files[name])
    return digest.hexdigest()


def is_read_by_owner(pack: Pack) -> bool:
    """Whether pack.yaml says that its owner read it, and it has not changed since."""
    return pack.read is not None and pack.read.of == reading_digest(pack)


def _lacks_for_bronze(pack: Pack, report: GoldenReport) -> Iterator[str]:
    for result in report.failed:
        yield tell("golden case fails: {case}: {differences}", case=result.case.name, differences=[*result.differences])
    for name, item in pack.items.items():
        answers = {result.actual.answer for result in report.results if result.item == name and result.actual}
        if "entitled" not in answers:
            yield tell("{name}: no golden case is entitled", name=name)
        if "not" not in answers and item.requires:
            yield tell("{name}: no golden case is refused", name=name)


def _lacks_for_silver(pack: Pack, report: GoldenReport) -> Iterator[str]:
    refused = {name for result in report.results if result.actual for name in result.actual.because}
    for name, requirement in pack.requirements.items():
        if name not in refused and requirement.kind != "undertaken":
            yield tell("{name}: no golden case is refused for it", name=name)
    computed = any(requirement.kind == "computed" for requirement in pack.requirements.values())
    if computed and not any(result.actual and result.actual.missing for result in report.results):
        yield "no golden case has something unknown"
    for mutant in run_mutants(pack).survived:
        found = mutant.problem
        yield tell("mutant survives: {file}:{line}: {words}", file=found.file, line=found.line, words=found.words)


def _lacks_for_gold(pack: Pack, replayed: ReplayEvidence | None, was_read: bool) -> Iterator[str]:
    for lang in LANGUAGES:
        yield from (tell("words/{lang}: {words}", lang=lang, words=words) for words in missing_words(pack, lang))
    if not was_read:
        yield "not read by its owner since it last changed"
    if replayed is None or replayed.cases < MIN_REPLAYED:
        yield tell(
            "replayed on {cases} past decisions, at least {least} are asked for",
            cases=replayed.cases if replayed else 0,
            least=MIN_REPLAYED,
        )
    elif replayed.agreed < replayed.cases:
        yield tell(
            "of {cases} past decisions {otherwise} came out otherwise",
            cases=replayed.cases,
            otherwise=replayed.cases - replayed.agreed,
        )
