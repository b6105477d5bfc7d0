"""The ways a fact is drawn, as a portrait names them; each gives one value for each subject of a sitting.

lognormal  median, sigma; `times` another quantity; at_least, at_most; drift from year to year
share      of another quantity: low, high; times; at_least, at_most
uniform    low, high
chance     the probability of true
choice     text: weight
tree       a code of the attribute's tree: weights by code (its leaves share them), precise (the share not coarsened)
place      the subject's own place, coarsened as a tree code is
within     a code of the attribute's tree right under the subject's own place; nothing where the tree does not hold it
before     days before the observation: median, sigma, at_most
during     from, to: a day between them
bands      a text by another quantity (`of`): text: the bound it lies under, in rising order
same       another quantity of the subject, under this name
several    a list of words <prefix>001, <prefix>002, … (`of` so many, the first the likeliest), `mean` of them
digits     a made-up number of so many digits after a prefix
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from zhida.domain.registers.shapes import Shape
from zhida.domain.values import CodeTree, Period
from zhida.services.demonstration.generation.codes import digits, joined

Values = npt.NDArray[Any]
Settings = Mapping[str, Any]


class Sitting(Protocol):
    """What a draw may ask about the subjects it is drawing."""

    observed_on: date
    places: Values

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    def rng(self, name: str, period: object = None) -> np.random.Generator:
        """A stream of its own for each name and period."""
        ...

    def quantity(self, name: str, period: Period | None) -> Values:
        """Another fact or hidden quantity of the same subjects, complete."""
        ...

    def tree(self, name: str) -> CodeTree:
        """A code tree of the dictionary."""
        ...


Draw = Callable[[Sitting, Shape, Settings, Period | None], Values]


def _lognormal(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    steady = sitting.rng(shape.name).standard_normal(sitting.count) * float(how.get("sigma", 1.0))
    values = float(how.get("median", 1.0)) * np.exp(steady)
    if period is not None:
        values *= np.exp(sitting.rng(shape.name, period).standard_normal(sitting.count) * float(how.get("drift", 0.12)))
    return _bounded(_times(sitting, values, how, period), how)


def _share(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    low, high = float(how.get("low", 0.0)), float(how.get("high", 1.0))
    values = sitting.rng(shape.name, period).uniform(low, high, sitting.count)
    return _bounded(_times(sitting, values, {"times": how["of"], **how}, period), how)


def _uniform(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    return sitting.rng(shape.name, period).uniform(float(how["low"]), float(how["high"]), sitting.count)


def _chance(sitting: Sitting, shape: Shape, how: Any, period: Period | None) -> Values:
    return sitting.rng(shape.name, period).random(sitting.count) < float(how)


def _choice(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    weights = np.array([float(weight) for weight in how.values()])
    words = np.array(list(how), dtype=object)
    return words[sitting.rng(shape.name, period).choice(len(words), size=sitting.count, p=weights / weights.sum())]


def _tree(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    tree = sitting.tree(str(how.get("of", shape.code_tree)))
    rng = sitting.rng(shape.name)
    codes, weights = leaves(tree, {str(code): float(weight) for code, weight in how.get("weights", {}).items()})
    drawn = codes[rng.choice(len(codes), size=sitting.count, p=weights)]
    return coarsened(drawn, tree, 1 - float(how.get("precise", 1.0)), rng)


def _place(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    rate = 1 - float(how.get("precise", 1.0))
    return coarsened(sitting.places, sitting.tree(shape.code_tree), rate, sitting.rng(shape.name))


def _within(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    below: dict[str, list[str]] = {}
    for code, parent in sitting.tree(shape.code_tree).parents.items():
        if parent:
            below.setdefault(parent, []).append(code)
    shares = sitting.rng(shape.name, period).random(sitting.count).tolist()
    result = np.empty(sitting.count, dtype=object)
    for place, (own, share) in enumerate(zip(sitting.places.tolist(), shares, strict=True)):
        codes = below.get(own, [""])
        result[place] = codes[int(share * share * len(codes))]
    return result


def _before(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    noise = sitting.rng(shape.name, period).standard_normal(sitting.count) * float(how.get("sigma", 0.8))
    days = _bounded(float(how.get("median", 1500)) * np.exp(noise), how).astype(np.int64)
    return np.datetime64(sitting.observed_on, "D") - days


def _during(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    first, last = np.datetime64(str(how["from"]), "D"), np.datetime64(str(how["to"]), "D")
    return first + sitting.rng(shape.name, period).integers(0, int((last - first).astype(int)) + 1, sitting.count)


def _bands(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    bounds = {word: float(bound) for word, bound in how.items() if word != "of"}
    places = np.searchsorted(np.array(list(bounds.values())), sitting.quantity(str(how["of"]), period), side="right")
    return np.array(list(bounds), dtype=object)[np.minimum(places, len(bounds) - 1)]


def _same(sitting: Sitting, shape: Shape, how: Any, period: Period | None) -> Values:
    return sitting.quantity(str(how), period)


def _several(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    rng, many = sitting.rng(shape.name, period), int(how["of"])
    words = [f"{how.get('prefix', '')}{number:03d}" for number in range(1, many + 1)]
    words += words
    odds = 1 / np.arange(1, many + 1)
    counts = np.minimum(rng.poisson(float(how.get("mean", 1)), sitting.count), many)
    first = rng.choice(many, size=sitting.count, p=odds / odds.sum())
    ends = (first + counts).tolist()
    lists = [words[start:end] for start, end in zip(first.tolist(), ends, strict=True)]
    result = np.empty(sitting.count, dtype=object)
    result[:] = lists
    return result


def _digits(sitting: Sitting, shape: Shape, how: Settings, period: Period | None) -> Values:
    width = int(how["width"])
    serials = sitting.rng(shape.name, period).integers(0, 10 ** min(width, 18), sitting.count)
    texts: Values = str(how.get("prefix", "")) + joined(digits(serials, width).astype("<U1"))
    return texts


DRAWS: dict[str, Draw] = {
    "lognormal": _lognormal,
    "share": _share,
    "uniform": _uniform,
    "chance": _chance,
    "choice": _choice,
    "tree": _tree,
    "place": _place,
    "within": _within,
    "before": _before,
    "during": _during,
    "bands": _bands,
    "same": _same,
    "several": _several,
    "digits": _digits,
}


def by_kind(shape: Shape) -> tuple[str, Any]:
    """The draw of a fact that no portrait mentions."""
    if shape.kind == "number":
        return "lognormal", {"median": 5e7 if shape.unit == "fen" else 12 if not shape.scale else 0.1, "sigma": 1.0}
    if shape.kind == "boolean":
        return "chance", 0.5 if shape.absence is None else 0.05
    if shape.kind == "date":
        return "before", {}
    if shape.code_tree:
        return "tree", {"precise": 0.9}
    return ("choice", dict.fromkeys(shape.values, 1)) if shape.values else ("digits", {"width": 10, "prefix": "X"})


def leaves(tree: CodeTree, weights: Mapping[str, float]) -> tuple[Values, npt.NDArray[np.float64]]:
    """The codes that nothing lies in, and the probability of each: a weighted code's leaves share its weight."""
    above = set(tree.parents.values())
    ends = [code for code in tree.parents if code not in above]
    if not weights:
        return np.array(ends, dtype=object), np.full(len(ends), 1 / len(ends))
    claimed = [next((code for code in (end, *tree.ancestors(end)) if code in weights), "") for end in ends]
    shares = {code: claimed.count(code) for code in set(claimed)}
    odds = np.array([weights[code] / shares[code] if code else 0.0 for code in claimed])
    return np.array(ends, dtype=object), odds / odds.sum()


def coarsened(codes: Values, tree: CodeTree, rate: float, rng: np.random.Generator) -> Values:
    """The codes, a share of them told only by what they lie in: of ten such, about seven by one level, three by two."""
    chosen = rng.random(len(codes))
    result = codes.copy()
    for place in np.flatnonzero(chosen < rate):
        above = tree.ancestors(codes[place])
        steps = 1 if chosen[place] > rate * 0.3 else 2
        if above:
            result[place] = above[min(steps, len(above)) - 1]
    return result


def _times(sitting: Sitting, values: Values, how: Settings, period: Period | None) -> Values:
    return values * sitting.quantity(str(how["times"]), period).astype(np.float64) if "times" in how else values


def _bounded(values: Values, how: Settings) -> Values:
    return np.clip(values, float(how.get("at_least", 0)), float(how.get("at_most", np.inf)))
