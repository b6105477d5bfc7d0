"""Rules checked by the language itself: names, types, units, guarded divisions, whole tables, amounts in whole fen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from zhida.domain.errors import AuthorError
from zhida.domain.packs.items import Item
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.reading.expressions import place_of
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.rules import BOOLEAN, NUMBER, Type, bound_names, check, check_names, check_program


def check_rules(pack: Pack, problems: Problems) -> None:
    """Notes everything that the language refuses in a pack's programs, rankings and counted records."""
    gathered(problems, partial(check_names, pack.schema, place_of(Spot(f"{pack.id}/rules.yaml"))))
    for item in pack.items.values():
        _check_item(item, problems)


def _check_item(item: Item, problems: Problems) -> None:
    program = item.program
    gathered(problems, partial(check_program, program))
    names = bound_names(program)
    for ranking in item.quota.by if item.quota else ():
        gathered(problems, partial(check, ranking.value, program.schema, program.place, expects=NUMBER, bound=names))
    counted = item.counts
    relation = program.schema.relations.get(counted.relation) if counted else None
    if counted is not None and counted.where is not None and relation is not None:
        where, record = counted.where, {relation.singular: Type("record", relation=relation)}
        gathered(problems, partial(check, where, program.schema, program.place, expects=BOOLEAN, bound=record))


def gathered(problems: Problems, run: Callable[[], object]) -> None:
    """Runs a check and notes what it refuses."""
    try:
        run()
    except AuthorError as error:
        problems.extend(error.problems)
