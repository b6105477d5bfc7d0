"""The programs of a pack root of any size: read and checked by all processors, and never held but a few packs' worth.

Of a pack only its programs travel from the process that read it, and without what packs share: every process has that.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import click

from zhida.domain.packs import Root, read_pack, split_root
from zhida.domain.rules import Program, Schema
from zhida.surfaces.cli.groundwork.kept_programs import Files, Read, Shelf
from zhida.surfaces.cli.saying import both

Progress = Callable[[int, int, str], None]

AT_ONCE = 8
"""Packs that a process is handed together; with fewer than a few such hands, starting processes takes longer."""


@dataclass(frozen=True)
class Wanted:
    """A pack to read: its id, its files, and where what it comes to is kept."""

    pack_id: str
    files: Files
    place: Path


@dataclass(frozen=True)
class Reader:
    """Reads packs and keeps what sound ones come to; `root` is what all packs share."""

    root: Root
    shelf: Shelf

    def __call__(self, packs: Sequence[Wanted]) -> list[Read]:
        """Several packs, one after the other."""
        return [self.read(wanted) for wanted in packs]

    def read(self, wanted: Wanted) -> Read:
        """One pack."""
        pack, problems = read_pack(wanted.pack_id, wanted.files, self.root)
        if pack is None:
            return Read((), problems=problems)
        items, schema = sorted(pack.items.values(), key=lambda item: item.id), self._own(pack.schema)
        found = Read(tuple(replace(item.program, schema=schema) for item in items), pack.owner)
        self.shelf.keep(wanted.place, found)
        return found

    def _own(self, schema: Schema) -> Schema:
        """What a pack's schema has besides what packs share."""
        shared, series = self.root.dictionary.facts, self.root.dictionary.parameters
        facts = {name: fact for name, fact in schema.facts.items() if fact is not shared.get(name)}
        parameters = {name: held for name, held in schema.parameters.items() if held is not series.get(name)}
        return replace(schema, facts=facts, parameters=parameters, relations={}, code_trees={})

    def whole(self, own: Schema) -> Schema:
        """A pack's schema with what packs share."""
        shared = self.root.dictionary
        return replace(
            own,
            facts={**shared.facts, **own.facts},
            parameters={**shared.parameters, **own.parameters},
            relations={name: entry.relation for name, entry in shared.relations.items()},
            code_trees=shared.code_trees,
        )


def programs_of(texts: Files, kind: str, day: date, folder: Path, progress: Progress) -> Iterator[tuple[Program, str]]:
    """The items of a pack root in force for a kind, by id, each with the department that owns it.

    What a pack came to is kept in `folder`, and a pack that is as it was is taken from there. Raises ClickException
    when all is read and something was wrong with it, after having told each problem.
    """
    root, folders = split_root(texts)
    folder.mkdir(parents=True, exist_ok=True)
    shelf = Shelf.over(folder, {path: body for path, body in texts.items() if path.startswith("_")})
    reader, problems = Reader(root, shelf), list(root.problems)
    packs = [Wanted(each, files, shelf.path(each, files)) for each, files in folders.items()]
    packs.sort(key=lambda wanted: f"{wanted.pack_id}/")  # the order of their items' ids
    unread = [wanted for wanted in packs if not wanted.place.exists()]
    with _shared_out(reader, [unread[at : at + AT_ONCE] for at in range(0, len(unread), AT_ONCE)]) as hands:
        fresh, waiting = chain.from_iterable(hands), {wanted.pack_id for wanted in unread}
        for done, wanted in enumerate(packs, start=1):
            read = next(fresh) if wanted.pack_id in waiting else shelf.find(wanted.place) or reader.read(wanted)
            problems.extend(read.problems)
            schema = reader.whole(read.programs[0].schema) if read.programs else Schema()
            for program in read.programs:
                if program.audience == kind and day in program.valid:
                    yield replace(program, schema=schema), read.owner
            progress(done, len(packs), f"{kind}: reading packs")
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        count = len(problems)
        raise click.ClickException(both(f"有 {count} 处要先改好", f"{count} problem(s): mend them first"))
    shelf.tidy()


@contextmanager
def _shared_out(reader: Reader, hands: Sequence[Sequence[Wanted]]) -> Iterator[Iterator[list[Read]]]:
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
