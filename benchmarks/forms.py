"""Whether a pack's table, values by date or sum comes back from the desk's form as it was: its fields are filled from
the pack, read as a browser would send them, and what they say is compared.

No field remembers what it was filled from: only what an author could see and type goes through.
"""

from __future__ import annotations

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.grids import grid_of
from zhida.domain.rules import parse
from zhida.domain.values import CodeTree
from zhida.services.authoring.giving import OTHER, TABLE, feel_of, giving_of
from zhida.services.authoring.sheets import Sheet
from zhida.services.authoring.tables import values_of
from zhida.surfaces.desk.presenters import series
from zhida.surfaces.desk.presenters.formulas import fact_and_period
from zhida.surfaces.desk.presenters.giving import Asked
from zhida.surfaces.desk.presenters.tables import table_result
from zhida.surfaces.desk.presenters.typed import Facing, fields_of, typed_of
from zhida.surfaces.desk.speaking import Speaking
from zhida.surfaces.desk.tabling import GridReader, typed_grid
from zhida.surfaces.desk.views.giving import GivingReader
from zhida.surfaces.desk.views.series import typed_series, values_typed


def table_comes_back(sheet: Sheet, pack: Pack, dictionary: Dictionary, name: str) -> bool:
    """Whether a table goes through the fields of its form."""
    grid = grid_of(pack.schema.tables[name], pack.schema.facts)
    if grid is None:
        return False
    typed = typed_of(grid, table_result(pack, name, grid), Facing(pack, dictionary))
    faults: dict[str, str] = {}
    read = GridReader(Speaking(sheet, pack, dictionary, ""), faults).grid(typed_grid(fields_of(typed)))
    return not faults and read == grid


def values_come_back(pack: Pack, dictionary: Dictionary, name: str) -> bool:
    """Whether the values of a parameter go through the fields of their form."""
    found, regions = pack.schema.parameters[name], dictionary.code_trees.get("region", CodeTree("region", {}))
    faults: dict[str, str] = {}
    typed = typed_series(series.fields_of(series.typed_of(found, regions)))
    read = values_typed(typed, regions, faults)
    return not faults and read == values_of(found)


def sum_comes_back(sheet: Sheet, pack: Pack, dictionary: Dictionary, item: str) -> bool:
    """Whether what an item gives is a shape of the form whose figures and facts go through its fields. What it is taken
    of has to be one fact: an expression typed into a field is none of the form's."""
    now = giving_of(sheet, item)
    if now.shape == OTHER or (now.of and not fact_and_period(now.of)[0]):
        return False
    asked, faults = Asked(now, pack, dictionary, {}, {}), dict[str, str]()
    questions = [*asked.questions(now.shape, sheet, item), *(one for band in asked.bands() for one in band)]
    typed = {one.name: next((each.value for each in one.choices if each.is_chosen), one.value) for one in questions}
    read = GivingReader(Speaking(sheet, pack, dictionary, ""), typed, faults)
    made = read.giving(now.shape, now.table if now.shape == TABLE else "")
    told = feel_of(made, f"{item}_bands")
    try:
        return not faults and parse(told) == parse(now.feel)
    except AuthorError:
        return False
