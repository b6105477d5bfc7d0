"""The best combination: of all that a subject is entitled to, the items that pay most together, in an order that works.

Items meet in two ways. A stacking group grants the highest only, one only, or all up to a cap; and an item can refuse
whoever has been granted another one, which is found by asking it. What does not meet is decided by itself, so that a
search looks at the few items that hang together: exactly, every set and order of up to MOST_TOGETHER of them, by
dynamic programming over subsets; a group by itself, however large, needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Group

MOST_TOGETHER = 12


@dataclass(frozen=True)
class Choice:
    """An item that a subject is entitled to: what it gives by itself in fen (None: no money, or not known), its group,
    and the items after whose grant it is refused."""

    item: str
    fen: int | None
    group: str = ""
    refused_after: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taken:
    """An item of the combination, in its place in the order: the fen it gives there."""

    item: str
    fen: int


@dataclass(frozen=True)
class Left:
    """An item that is left out: `because` names the group or the items that shut it out, `rule` the group's rule or
    `refused`; `fen` is what it would have given by itself."""

    item: str
    fen: int
    rule: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Combination:
    """What pays most, in the order to claim it, and why the rest is left."""

    taken: tuple[Taken, ...]
    left: tuple[Left, ...]
    total_fen: int


def best_combination(
    choices: Iterable[Choice], groups: Mapping[str, Group], already_fen: Mapping[str, int] | None = None
) -> Combination:
    """The items that pay a subject most together; of equal sums the one with fewer claims for money.

    `already_fen` is what earlier grants have given in a group. Raises ConflictError `too_many_together` where more
    than MOST_TOGETHER items exclude each other in one knot.
    """
    every = sorted(choices, key=lambda one: one.item)
    taken: list[Taken] = []
    left: list[Left] = []
    for knot in _knots(every):
        alone = len({one.group for one in knot}) == 1 and knot[0].group in groups
        if alone and not any(one.refused_after & {other.item for other in knot} for one in knot):
            mine = _grouped(knot, groups[knot[0].group], (already_fen or {}).get(knot[0].group, 0))
        elif len(knot) <= MOST_TOGETHER:
            mine = _best(knot, groups, already_fen or {})
        else:
            words = f"{len(knot)} items exclude each other: {', '.join(one.item for one in knot[:5])} …"
            raise ConflictError("too_many_together", words, "ask for fewer of them at a time")
        taken += mine
        chosen = {one.item: one.fen for one in mine}
        left += [_left(one, chosen, knot, groups) for one in knot if one.item not in chosen]
    return Combination(tuple(taken), tuple(left), sum(one.fen for one in taken))


def _knots(choices: Sequence[Choice]) -> list[list[Choice]]:
    """The choices that hang together by a group or a refusal, knot by knot."""
    here = {one.item for one in choices}
    links: dict[str, set[str]] = {one.item: set() for one in choices}
    by_group: dict[str, str] = {}
    for one in choices:
        met = (one.refused_after & here) | ({by_group.setdefault(one.group, one.item)} if one.group else set())
        for other in met:
            links[one.item].add(other)
            links[other].add(one.item)
    found, seen = [], set[str]()
    for one in choices:
        if one.item in seen:
            continue
        knot, waiting = set[str](), [one.item]
        while waiting:
            each = waiting.pop()
            if each not in knot:
                knot.add(each)
                waiting.extend(links[each])
        seen |= knot
        found.append([choice for choice in choices if choice.item in knot])
    return found


def _best(knot: Sequence[Choice], groups: Mapping[str, Group], already_fen: Mapping[str, int]) -> list[Taken]:
    """Over all subsets, the smaller first: what an item adds, and whether it may, depends on what went before alone."""
    refused = [sum(1 << at for at, other in enumerate(knot) if other.item in one.refused_after) for one in knot]
    worth = {subset: _worth(subset, knot, groups, already_fen) for subset in range(1 << len(knot))}
    orders: dict[int, tuple[int, ...]] = {0: ()}
    for subset in range(1, 1 << len(knot)):
        for place in range(len(knot)):
            before = subset & ~(1 << place)
            if before == subset or before not in orders or refused[place] & before:
                continue
            if worth[subset] > worth[before] or _is_free(place, before, knot, groups, already_fen):
                orders[subset] = (*orders[before], place)
                break
    best = max(orders, key=lambda subset: (worth[subset], *_liked(subset, knot)))
    taken, before = [], 0
    for place in orders[best]:
        taken.append(Taken(knot[place].item, worth[before | 1 << place] - worth[before]))
        before |= 1 << place
    return taken


def _liked(subset: int, knot: Sequence[Choice]) -> tuple[int, int, int]:
    """Of sets that pay the same: more benefits without money, then fewer claims, then those named first."""
    chosen = [one for place, one in enumerate(knot) if subset >> place & 1]
    return sum(not one.fen for one in chosen), -sum(bool(one.fen) for one in chosen), -subset


def _is_free(
    place: int, before: int, knot: Sequence[Choice], groups: Mapping[str, Group], already_fen: Mapping[str, int]
) -> bool:
    """Whether a benefit without money can be had beside what was taken before, and what was granted earlier."""
    one = knot[place]
    rule = groups[one.group].rule if one.group in groups else ""
    same = any(before >> other & 1 and knot[other].group == one.group for other in range(len(knot)))
    is_shut = rule in ("highest_only", "first_only") and (same or already_fen.get(one.group, 0) > 0)
    return not one.fen and not is_shut


def _worth(subset: int, knot: Sequence[Choice], groups: Mapping[str, Group], already_fen: Mapping[str, int]) -> int:
    """What a set pays in fen, whatever its order: groups look at the set alone."""
    held: dict[str, list[int]] = {}
    total = 0
    for place, one in enumerate(knot):
        if subset >> place & 1:
            if one.group in groups:
                held.setdefault(one.group, []).append(one.fen or 0)
            else:
                total += one.fen or 0
    return total + sum(_of_group(groups[name], fen, already_fen.get(name, 0)) for name, fen in held.items())


def _of_group(group: Group, fen: Sequence[int], already: int) -> int:
    if group.rule == "highest_only":
        return max(0, max(fen) - already)
    if group.rule == "first_only":
        return 0 if already else max(fen)
    return min(sum(fen), max(0, (group.cap_fen or 0) - already))


def _left(one: Choice, chosen: Mapping[str, int], knot: Sequence[Choice], groups: Mapping[str, Group]) -> Left:
    blockers = tuple(sorted(one.refused_after & chosen.keys()))
    if blockers or one.group not in groups:
        return Left(one.item, one.fen or 0, "refused", blockers)
    same = tuple(other.item for other in knot if other.group == one.group and other.item in chosen)
    return Left(one.item, one.fen or 0, groups[one.group].rule, same)


def _grouped(knot: Sequence[Choice], group: Group, already: int) -> list[Taken]:
    """A knot of one group in which nothing refuses: the highest, or the highest first until the cap is reached."""
    ordered = sorted(knot, key=lambda one: (-(one.fen or 0), one.item))
    taken: list[Taken] = []
    for one in ordered if group.rule == "capped_sum" else ordered[:1]:
        so_far = sum(each.fen for each in taken)
        gain = _of_group(group, [so_far, one.fen or 0], already) - so_far if one.fen else 0
        if gain > 0 or (not one.fen and (group.rule == "capped_sum" or not already)):
            taken.append(Taken(one.item, gain))
    return taken
