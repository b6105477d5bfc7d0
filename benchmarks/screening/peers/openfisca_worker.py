"""Runs in an interpreter that has OpenFisca-core and pyarrow: reads questions as JSON lines, answers likewise.

It is asked for an item's condition over everyone, and to keep the two vectors that came out. Nothing of ours is
imported here.
"""

import json
import sys
from functools import reduce
from importlib.metadata import version

import numpy as np
import pyarrow as pa
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = periods.period("2026")
ORGANISATION = build_entity("organisation", "organisations", "an organisation", is_person=True)


def spoken(column):
    """The name of a column's variable."""
    return column.replace("@", "_").replace(":", "_").lower()


class Everyone:
    """A simulation of everyone, its inputs set when first asked for."""

    def __init__(self, path):
        self.table = pa.ipc.open_file(pa.memory_map(path)).read_all()
        self.system = TaxBenefitSystem([ORGANISATION])
        self.inputs = set()
        self.simulation = SimulationBuilder().build_default_simulation(self.system, count=self.table.num_rows)

    def need(self, column):
        """Makes two inputs of a column: its values, and whether they are known."""
        name = spoken(column)
        if name in self.inputs:
            return
        self.inputs.add(name)
        values = self.table[column].combine_chunks()
        known = values.is_valid().to_numpy(zero_copy_only=False)
        filled = values.fill_null(False if pa.types.is_boolean(values.type) else 0).to_numpy(zero_copy_only=False)
        kind = bool if filled.dtype == bool else int if np.abs(filled).max() < 2**31 else float
        for variable, vector, value_type in ((name, filled, kind), (f"{name}_known", known, bool)):
            self.add(variable, value_type)
            self.simulation.set_input(variable, PERIOD, vector)

    def add(self, name, value_type, formula=None):
        """Adds a variable, computed where it has a formula."""
        parts = {"value_type": value_type, "entity": ORGANISATION, "definition_period": periods.DateUnit.YEAR}
        if formula is not None:
            parts["formula"] = formula
        self.system.add_variable(type(name, (Variable,), parts))


def columns(condition):
    """The columns that a condition reads."""
    kind, *rest = condition
    if kind in ("Both", "Either"):
        return {name for part in rest[0] for name in columns(part)}
    if kind == "Not":
        return columns(rest[0])
    return set(rest[:2]) if kind == "Growth" else {rest[0]}


def rail(condition, read, surely):
    """A condition's vector: surely met, or possibly."""
    kind, *rest = condition
    if kind in ("Both", "Either"):
        return reduce(np.multiply if kind == "Both" else np.add, [rail(part, read, surely) for part in rest[0]])
    if kind == "Not":
        return ~rail(rest[0], read, not surely)
    known = read(spoken(rest[0]) + "_known")
    if kind == "Growth":
        known = known * read(spoken(rest[1]) + "_known")
    met = test(kind, rest, read)
    if surely:
        return known * met
    return ~known + met + (np.isin(read(spoken(rest[0])), rest[2]) if kind == "Within" else False)


def test(kind, rest, read):
    """The vector of a test on known values."""
    vector = read(spoken(rest[0]))
    if kind == "Flag":
        return vector
    if kind == "Among":
        return np.isin(vector, rest[1])
    if kind == "Within":
        return reduce(np.add, [(vector >= low) * (vector <= high) for low, high in rest[1]])
    if kind == "Growth":
        return vector * 100 >= read(spoken(rest[1])) * rest[2]
    low, high = rest[1:]
    if low is None:
        return vector <= high
    return vector >= low if high is None else (vector >= low) * (vector <= high)


def main(path, kept):
    """Answers until there are no more questions."""
    everyone, asked = Everyone(path), set()
    for line in sys.stdin:
        question = json.loads(line)
        answer = {"version": version("openfisca-core")}
        if "item" in question:
            names, condition = [f"item_{question['item']}_{word}" for word in ("sure", "may")], question["condition"]
            for column in columns(condition) if question["item"] not in asked else ():
                everyone.need(column)
            for name, surely in zip(names, (True, False), strict=True):
                if question["item"] not in asked:
                    everyone.add(name, bool, formula_of(condition, surely))
                everyone.simulation.delete_arrays(name)
                everyone.simulation.calculate(name, PERIOD)
            asked.add(question["item"])
        if "keep" in question:
            found = (
                everyone.simulation.calculate(f"item_{question['keep']}_{word}", PERIOD) for word in ("sure", "may")
            )
            np.savez(kept, **dict(zip(("sure", "may"), found, strict=True)))
        print(json.dumps(answer), flush=True)


def formula_of(condition, surely):
    """The formula of one of an item's two variables."""

    def formula(organisation, period):
        return rail(condition, lambda name: organisation(name, period), surely)

    return formula


if __name__ == "__main__":
    main(*sys.argv[1:])
