"""Code trees of a made-up province: divisions in four levels and industries in four, each with as many nodes as real
ones have, under codes that belong to nobody."""

from __future__ import annotations

import numpy as np

from zhida.domain.values import CodeTree

ROOT = "990000"
_CITIES, _COUNTIES, _TOWNS = 16, 123, 1_400
_DIVISIONS, _GROUPS, _CLASSES = 97, 473, 1_394
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"
_FIRST = "云岚青星松鹭明溪望砚苇朝澄南白知湖石霜禾"
_SECOND = "川溪泉岭汀湖港桥山原浦洲林谷屏堤岸塘坪湾"


def region_tree(seed: int) -> CodeTree:
    """1,540 divisions: the province, 16 cities, 123 counties, 1,400 towns. Codes begin with 99, a class never given."""
    rng = np.random.default_rng([seed, 1])
    parents, names = {ROOT: ""}, {ROOT: f"{_called(int(rng.integers(400)))}省"}
    cities = [f"99{city:02d}00" for city in range(1, _CITIES + 1)]
    counties = [
        f"{city[:4]}{number:02d}"
        for city, many in zip(cities, _shares(rng, _COUNTIES, _CITIES, 3, 0.4), strict=True)
        for number in range(1, many + 1)
    ]
    towns = [
        f"{county}{number:03d}"
        for county, many in zip(counties, _shares(rng, _TOWNS, _COUNTIES, 3, 0.3), strict=True)
        for number in range(1, many + 1)
    ]
    for codes, above, suffix in ((cities, 2, "市"), (counties, 4, "县"), (towns, 6, "镇")):
        for code, place in zip(codes, rng.permutation(len(codes)).tolist(), strict=True):
            parents[code] = code[:above].ljust(6, "0")
            names[code] = f"{_called(place)}{suffix}"
    return CodeTree("region", parents, names)


def industry_tree(seed: int) -> CodeTree:
    """1,984 industries: 20 sections, 97 divisions, 473 groups, 1,394 classes."""
    rng = np.random.default_rng([seed, 2])
    parents = dict.fromkeys(_SECTIONS, "")
    divisions: list[str] = []
    for section, many in zip(_SECTIONS, _shares(rng, _DIVISIONS, len(_SECTIONS), 1, 0.6), strict=True):
        for _ in range(many):
            divisions.append(f"{len(divisions) + 1:02d}")
            parents[divisions[-1]] = section
    above = divisions
    for total in (_GROUPS, _CLASSES):
        many_each = _shares(rng, total, len(above), 1, 0.5, at_most=9)
        below = [f"{code}{n}" for code, many in zip(above, many_each, strict=True) for n in range(1, many + 1)]
        parents |= {code: code[:-1] for code in below}
        above = below
    return CodeTree("industry", parents, {code: f"行业{code}" for code in parents})


def table_of(tree: CodeTree) -> bytes:
    """The tree as the table that a dictionary keeps, columns code, parent, name."""
    rows = [f"{code},{parent},{tree.names[code]}" for code, parent in tree.parents.items()]
    return "\n".join(
        ["# made up from a seed; no code belongs to a real place or list", "code,parent,name", *rows, ""]
    ).encode()


def _called(place: int) -> str:
    first, second = divmod(place % (len(_FIRST) * len(_SECOND)), len(_SECOND))
    return _FIRST[first] + _SECOND[second] + (str(place // 400 + 1) if place >= 400 else "")


def _shares(
    rng: np.random.Generator, total: int, parts: int, at_least: int, spread: float, at_most: int = 99
) -> list[int]:
    """`total` split into parts of uneven size, none below or above its bounds."""
    weights = rng.lognormal(0.0, spread, parts)
    shares = np.full(parts, at_least)
    while (left := total - int(shares.sum())) > 0:
        free = np.where(shares < at_most, weights, 0)
        shares = np.minimum(shares + rng.multinomial(left, free / free.sum()), at_most)
    return [int(share) for share in shares]
