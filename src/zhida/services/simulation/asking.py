"""A question put together from what the house holds: items in force, the snapshot of a day, budget lines, cuts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from zhida.domain.errors import AuthorError, ConflictError, Problem
from zhida.domain.packs import Dictionary
from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import Problems, Spot, TextNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.scenarios import Base, Dimension, Scenario, in_force, read_scenario
from zhida.domain.scenarios.claiming import EVERYBODY, TakeUp
from zhida.domain.scenarios.overlay import assumed
from zhida.domain.scenarios.plans import Plan, read_plans
from zhida.domain.values import Scope, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.populations import granted_in, living_grants, population_of
from zhida.kernel.entitlements.screening import reads_grants
from zhida.kernel.funds import queries as funds
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SnapshotRef
from zhida.services.simulation.outcome import Granted
from zhida.services.simulation.rows import REGION, Rows
from zhida.services.simulation.running import BOUND, Question

_DEPTH_OF_PLACES, _DEPTH_OF_CODES = 4, 2
PLANS = "years"


def base_of(items: Sequence[PublishedItem]) -> Base:
    """What scenarios of these items are laid over: their packs as published, the dictionary and groups as last shared,
    and where nothing was shared, as each pack was published with them."""
    shared = catalogue.root()
    packs = {one.pack.id: one.pack for one in items}
    if shared.dictionary.attributes:
        return Base(packs, shared.dictionary, shared.groups, shared.group_nodes)
    roots = {one.pack.id: catalogue.root(one.revision_id) for one in items}
    groups = {name: group for root in roots.values() for name, group in root.groups.items()}
    nodes = {name: node for root in roots.values() for name, node in root.group_nodes.items()}
    own = {pack_id: root.dictionary for pack_id, root in roots.items()}
    return Base(packs, roots[items[0].pack.id].dictionary, groups, nodes, own)


def chosen(item_ids: Collection[str], as_of: datetime) -> tuple[PublishedItem, ...]:
    """The items in force by id; a pack's id stands for all its items. Raises ConflictError `not_published`."""
    found: dict[str, PublishedItem] = {}
    for asked in item_ids:
        cards = catalogue.item_cards(as_of=as_of, pack_id=asked)
        for item_id in [card.item_id for card in cards] or [asked]:
            found[item_id] = catalogue.item(item_id, as_of=as_of)
    return tuple(found[item_id] for item_id in sorted(found))


def question_of(
    items: Sequence[PublishedItem],
    files: Mapping[str, bytes],
    day: date,
    *,
    take_up: TakeUp = EVERYBODY,
    assume: Mapping[str, str] | None = None,
    seed: int = 1,
    bound: int = BOUND,
    budget_fen: int | None = None,
    plans: bytes = b"",
    rules_on: date | None = None,
) -> Question:
    """The question that scenario files (name to bytes) ask of items, beside the versions in force.

    Raises AuthorError with every mistake of every file, ConflictError `kinds_differ`.
    """
    base = base_of(items)
    scenarios = scenarios_of(base, files, take_up, assume or {}, plans)
    kind = items[0].item.audience
    top = _common_region(items)
    cuts = dimensions(base.dictionary, kind, top)
    ids = tuple(one.item.id for one in items)
    return Question(ids, scenarios, day, seed, bound, budget_fen, cuts, rules_on)


def scenarios_of(
    base: Base, files: Mapping[str, bytes], take_up: TakeUp, assume: Mapping[str, str], plans: bytes = b""
) -> tuple[Scenario, ...]:
    """The versions in force and every file laid over them; `assume` are written values, `plans` what years ahead have
    in every scenario that does not say it, written as a scenario's `years` under that key. Raises AuthorError."""
    problems = Problems()
    years = _plans(plans, base, problems)
    texts = {name: TextNode(Spot(f"assume {name}", 0), value) for name, value in assume.items()}
    typed = {name: assumed(name, node, base, problems) for name, node in texts.items()}
    if problems.all():
        raise AuthorError(problems.all())
    first = in_force(base, take_up, {name: value for name, value in typed.items() if value is not None})
    first = replace(first, plans=years)
    found, mistakes = [first], list[Problem]()
    for name, data in files.items():
        try:
            found.append(read_scenario(name, data, base, first))
        except AuthorError as error:
            mistakes += error.problems
    if mistakes:
        raise AuthorError(mistakes)
    return tuple(found)


def _plans(data: bytes, base: Base, problems: Problems) -> dict[str, Plan]:
    if not data:
        return {}
    top = Fields(read_yaml(PLANS, data, problems), problems, PLANS)
    found = read_plans(top, base.packs, problems)
    top.close()
    return found


def dimensions(dictionary: Dictionary, kind: SubjectKind, top: str) -> tuple[Dimension, ...]:
    """Where people are, and every attribute that the dictionary marks as a breakdown for this kind."""
    found = [Dimension(REGION, (), dictionary.code_trees.get("region"), top, _DEPTH_OF_PLACES)]
    for name, attribute in sorted(dictionary.attributes.items()):
        if attribute.is_breakdown and kind in attribute.audience:
            tree = dictionary.code_trees.get(attribute.fact.code_tree)
            found.append(Dimension(name, (), tree, depth=_DEPTH_OF_CODES))
    return tuple(found)


def _common_region(items: Sequence[PublishedItem]) -> str:
    """The one region of all items, or the top of the tree."""
    regions = {one.pack.region for one in items}
    return regions.pop() if len(regions) == 1 else ""


def rows_of(
    items: Sequence[PublishedItem], as_of: datetime, known_at: datetime | None = None
) -> tuple[SnapshotRef, Rows]:
    """The newest snapshot made by an instant for the items' kind of subject, as rows; where none had been made by then,
    the newest made by `known_at`, which holds of that time what is known since. Later grants are left out.

    What changed since it was made is left out: a snapshot is one state, and can be simulated again. Raises
    ConflictError `nothing_to_simulate` where none had been made.
    """
    kind, day = items[0].item.audience, local_date(as_of)
    ref = registry.latest_snapshot(kind, as_of=as_of)
    if ref is None and known_at is not None:
        ref = registry.latest_snapshot(kind, as_of=known_at)
    if ref is None:
        words = f"no snapshot of any {kind} had been made by {as_of:%Y-%m-%d}"
        raise ConflictError("nothing_to_simulate", words, "build a snapshot first, or choose a later day")
    table = None
    if any(reads_grants(one) for one in items):
        granted = {name: [one for one in held if one[1] <= day] for name, held in living_grants().items()}
        table = population_of(ref, granted, as_of=ref.as_of, purpose="simulation").granted
    return ref, Rows(registry.snapshot_file(ref), ref.root, registry.stale_origins(ref, on=day), table)


def budget_of(items: Sequence[PublishedItem], *, scope: Scope, year: int) -> int | None:
    """What the items' budget lines hold for a year in fen, each line once; None where the scope shows none of them."""
    names = {one.item.budget_line for one in items if one.item.budget_line}
    held = [line for line in funds.lines(scope=scope, year=year) if line.name in names]
    return sum(line.total for line in held) if held else None


def granted_of(items: Sequence[PublishedItem], year: int) -> tuple[Granted, ...]:
    """What was really granted of the items in a year: the back-test of a day in the past."""
    found = granted_in(year, [one.item.id for one in items])
    return tuple(Granted(item, subjects, fen) for item, (subjects, fen) in sorted(found.items()))
