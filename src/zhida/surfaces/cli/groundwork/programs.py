"""The programs of a pack root of any size: read and checked by all processors, and never held but a few packs' worth.

Of a pack only its programs travel from the process that read it, and without what packs share: every process has that.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from multiprocessing import get_context

import click

from zhida.domain.errors import Problem
from zhida.domain.packs import Root, read_pack, split_root
from zhida.domain.rules import Program, Schema

Files = Mapping[str, bytes]
Progress = Callable[[int, int, str], None]

AT_ONCE = 8
"""Packs that a process is handed together; with fewer than a few such hands, starting processes takes longer."""


@dataclass(frozen=True)
class Read:
    """The programs that a pack adds, who owns them, and what is wrong with it."""

    programs: tuple[Program, ...]
    owner: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads packs for the items of one kind of subject in force on a day; `root` is what all packs share."""

    root: Root
    kind: str
    day: date

    def __call__(self, folders: Sequence[tuple[str, Files]]) -> list[Read]:
        """Several packs, each given by its id and its files."""
        return [self._read(pack_id, files) for pack_id, files in folders]

    def _read(self, pack_id: str, files: Files) -> Read:
        pack, problems = read_pack(pack_id, files, self.root)
        if pack is None:
            return Read((), problems=problems)
        items = sorted(pack.items.values(), key=lambda item: item.id)
        chosen = [item.program for item in items if item.audience == self.kind and self.day in pack.valid]
        schema = self._own(pack.schema)
        return Read(tuple(replace(program, schema=schema) for program in chosen), pack.owner)

    def _own(self, schema: Schema) -> Schema:
        """What a pack's schema has besides what packs share."""
        shared, series = self.root.dictionary.facts, self.root.dictionary.parameters
        facts = {name: fact for name, fact in schema.facts.items() if fact is not shared.get(name)}
        parameters = {name: held for name, held in schema.parameters.items() if held is not series.get(name)}
        return replace(schema, facts=facts, parameters=parameters, relations={}, code_trees={})

    def whole(self, read: Read) -> Iterator[tuple[Program, str]]:
        """The programs with what packs share, and their owner."""
        if not read.programs:
            return
        shared, own = self.root.dictionary, read.programs[0].schema
        schema = replace(
            own,
            facts={**shared.facts, **own.facts},
            parameters={**shared.parameters, **own.parameters},
            relations={name: entry.relation for name, entry in shared.relations.items()},
            code_trees=shared.code_trees,
        )
        for program in read.programs:
            yield replace(program, schema=schema), read.owner


def programs_of(texts: Files, kind: str, day: date, progress: Progress) -> Iterator[tuple[Program, str]]:
    """The items of a pack root in force for a kind, by id, each with the department that owns it.

    Raises ClickException when all is read and something was wrong with it, after having told each problem.
    """
    root, folders = split_root(texts)
    reader, problems = Reader(root, kind, day), list(root.problems)
    ordered = [(pack_id, folders[pack_id]) for pack_id in sorted(folders, key=lambda pack_id: f"{pack_id}/")]
    with _shared_out(reader, [ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE)]) as found:
        for done, read in enumerate(chain.from_iterable(found), start=1):
            problems.extend(read.problems)
            yield from reader.whole(read)
            progress(done, len(ordered), f"{kind}: reading packs")
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problem(s): mend them first")


@contextmanager
def _shared_out(reader: Reader, hands: Sequence[Sequence[tuple[str, Files]]]) -> Iterator[Iterator[list[Read]]]:
    """The hands of packs as they are read, in their order."""
    cores = len(os.sched_getaffinity(0))
    if cores == 1 or len(hands) < 4 * cores:
        yield map(reader, hands)
        return
    with ProcessPoolExecutor(cores, get_context("spawn"), _settle) as pool:
        try:
            yield pool.map(reader, hands)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _settle() -> None:
    """Keys that end the command end its own process, which ends the others. Nothing is collected: packs go without it,
    what refers to itself is a few MiB until the end, and looking for it takes a quarter of the time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
