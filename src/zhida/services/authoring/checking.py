"""A draft read as the pack it will be, and everything that is wrong or doubtful in it at once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.packs import (
    CaseResult,
    Pack,
    Root,
    Tier,
    TierName,
    read_pack,
    run_golden,
    run_mutants,
    tier_of,
)
from zhida.domain.packs.checks.promises import NOT_USED_YET
from zhida.domain.packs.examples import Coverage, coverage_of
from zhida.domain.packs.lint import Finding, lint
from zhida.domain.packs.readiness import Readiness, readiness_of
from zhida.domain.packs.root import split_root
from zhida.domain.packs.sharing import shared_files
from zhida.domain.packs.source.splicing import without_entry
from zhida.domain.sentences import called, in_titles
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.titles import in_their_words, titles_of

SHARED = ("_attributes/", "_groups/")
_MOST = 32


@dataclass(frozen=True)
class Reading:
    """A draft read over what packs share now and the facts that it adds; `pack` is None where it is not sound, and
    `unused` are the tables and parameters that its author is about to use: nothing is published with one."""

    root: Root
    pack: Pack | None
    problems: tuple[Problem, ...]
    unused: tuple[Problem, ...] = ()

    @property
    def forbidding(self) -> tuple[Problem, ...]:
        """Everything for which the draft cannot be published as it reads."""
        return (*self.problems, *self.unused)


@dataclass(frozen=True)
class Report:
    """Everything that stands between a draft and its publication, and between its items and 免申即享."""

    reading: Reading
    findings: tuple[Finding, ...] = ()
    failed: tuple[CaseResult, ...] = ()
    cases: int = 0
    killed: int = 0
    survived: tuple[str, ...] = ()
    tier: Tier = field(default_factory=lambda: Tier(TierName.NONE, ()))
    readiness: tuple[Readiness, ...] = ()
    coverage: tuple[Coverage, ...] = ()

    @property
    def can_be_proposed(self) -> bool:
        """Whether it is sound, uses what it holds, and is bronze at least."""
        return self.reading.pack is not None and not self.reading.unused and self.tier.tier is not TierName.NONE


def read(draft: DraftRecord) -> Reading:
    """The draft as a pack. Never raises for what its author wrote."""
    shared = catalogue.root()
    added = _added(draft, shared)
    if added:
        shared = _with(shared, added)
    own = {
        path.removeprefix(f"{draft.pack_id}/"): body
        for path, body in draft.files.items()
        if path.startswith(f"{draft.pack_id}/")
    }
    pack, found = read_pack(draft.pack_id, own, shared, allowed=(NOT_USED_YET,))
    told = in_their_words((*shared.problems, *found), titles_of(draft, shared.dictionary))
    problems = tuple(one for one in told if one.code != NOT_USED_YET)
    unused = tuple(one for one in told if one.code == NOT_USED_YET)
    if pack is None or problems:
        return Reading(shared, None, problems, unused)
    return Reading(_holding(shared, pack), pack, (), unused)


def check(draft: DraftRecord, on: date) -> Report:
    """All checks of a draft on a day; of one that is not sound, its problems."""
    reading = read(draft)
    pack = reading.pack
    if pack is None:
        return Report(reading)
    report = _checked(reading, pack, on)
    titles = titles_of(draft, reading.root.dictionary)
    return replace(
        report,
        findings=tuple(replace(each, zh=in_titles(each.zh, titles)) for each in report.findings),
        tier=replace(report.tier, lacks=tuple(called(each, titles) for each in report.tier.lacks)),
    )


_KEPT: dict[tuple[str, date], Report] = {}


def _checked(reading: Reading, pack: Pack, on: date) -> Report:
    """The report of a sound pack: the same content on the same day is not checked twice by one process."""
    key = (pack.hash, on)
    if key not in _KEPT:
        if len(_KEPT) > _MOST:
            _KEPT.clear()
        _KEPT[key] = _report(reading, pack, on)
    return _KEPT[key]


def _report(reading: Reading, pack: Pack, on: date) -> Report:
    root = reading.root
    golden, mutants = run_golden(pack), run_mutants(pack)
    items = tuple(pack.items.values())
    return Report(
        reading,
        findings=lint(root, [pack.id], on=on).findings,
        failed=tuple(golden.failed),
        cases=len(golden.results),
        killed=mutants.killed,
        survived=tuple(str(each.problem) for each in mutants.survived),
        tier=tier_of(root, pack),
        readiness=tuple(readiness_of(pack, item, root.dictionary, as_of=on) for item in items),
        coverage=tuple(coverage_of(pack, item, root.dictionary) for item in items),
    )


@lru_cache(maxsize=8)
def _read_shared(written: tuple[tuple[str, bytes], ...]) -> Root:
    return split_root(dict(written))[0]


def _with(shared: Root, added: tuple[tuple[str, bytes], ...]) -> Root:
    """What packs share with a draft's own facts beside it."""
    return _read_shared(tuple(sorted({**shared_files(shared), **dict(added)}.items())))


def merged(draft: DraftRecord) -> Mapping[str, bytes]:
    """The files that packs share with the draft's own beside them; empty where it adds none."""
    shared = catalogue.root()
    added = _added(draft, shared)
    return {**shared_files(shared), **dict(added)} if added else {}


def _added(draft: DraftRecord, shared: Root) -> tuple[tuple[str, bytes], ...]:
    """The files that a draft adds to what packs share, without facts that are in the dictionary by now: another draft
    that spoke of the same was published first, or this one was."""
    found = []
    for path, body in sorted(draft.files.items()):
        names = shared.dictionary.attributes if path.startswith(SHARED[0]) else ()
        for name in [name for name in names if name.encode() in body]:
            with suppress(AuthorError):  # What does not parse is told where it is read.
                body = without_entry(path, body, ("attributes", name))
        says = any(line.strip() and not line.startswith(b"#") for line in body.splitlines())
        found += [(path, body)] if path.startswith(SHARED) and says else []
    return tuple(found)


def _holding(shared: Root, pack: Pack) -> Root:
    return Root(shared.dictionary, shared.groups, {pack.id: pack}, (), shared.group_nodes)
