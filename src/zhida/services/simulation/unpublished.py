"""What a pack would cost before it is published: its items over the newest snapshot, beside the version in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Pack, Root
from zhida.domain.packs.source.nodes import Problems, Spot, TextNode
from zhida.domain.scenarios import Base, Scenario
from zhida.domain.scenarios.claiming import EVERYBODY, TakeUp
from zhida.domain.scenarios.overlay import assumed, in_force
from zhida.domain.values import Actor, Scope, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.services.simulation.asking import budget_of, dimensions, rows_of
from zhida.services.simulation.keeping import Kept, keep, kept
from zhida.services.simulation.running import BOUND, Question, simulate
from zhida.services.simulation.wording import words_of

DRAFT = "draft"
_WORDS = {"zh": "草稿", "en": "The draft"}


def kinds_of(pack: Pack) -> tuple[SubjectKind, ...]:
    """The kinds of subject that a pack is simulated over, one after the other: those whom an item pays, else all."""
    paid = [item.audience for item in pack.items.values() if item.program.amount is not None]
    return tuple(dict.fromkeys(paid or [item.audience for item in pack.items.values()]))


def run_unpublished(
    root: Root,
    pack: Pack,
    audience: SubjectKind,
    *,
    simulation_id: str,
    by: Actor,
    as_of: datetime,
    scope: Scope,
    take_up: TakeUp = EVERYBODY,
    assume: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> Kept:
    """Simulates all items of a sound pack of a root for one kind of subject on the day of `as_of` and keeps the run; a
    version of the policy in force that has the same items is what it is measured against. `assume` are written values
    of facts by name; `told` is kept among the inputs.

    Raises AuthorError for an assumption that cannot be, ConflictError `nothing_to_simulate`.
    """
    day = local_date(as_of)
    items = [PublishedItem(item, pack, "") for item in pack.items.values() if item.audience is audience]
    ref, rows = rows_of(items, as_of)
    given = _given(root, pack, assume or {}, take_up)
    before = _before(pack, given, as_of)
    budget = budget_of(items, scope=scope, year=day.year)
    ids = tuple(one.item.id for one in items)
    cuts = dimensions(root.dictionary, audience, pack.region)
    question = Question(ids, (*before, given), day, 1, BOUND, budget, cuts)
    outcome = simulate(question, rows)
    inputs = {
        "snapshot": ref.root,
        "packs": {pack.id: pack.hash},
        "day": day.isoformat(),
        "seed": 1,
        "take_up": [str(share) for share in take_up],
        "assume": dict(assume or {}),
        "budget_fen": budget,
        "scenarios": {},
        **words_of(items, assume or (), rows, day),
        **(told or {}),
        "titles": {one.item.id: _titles(pack, one.item.name) for one in items},
    }
    keep(simulation_id=simulation_id, items=ids, inputs=inputs, files={}, outcome=outcome, by=by, as_of=as_of)
    return kept(simulation_id, None)


def _given(root: Root, pack: Pack, assume: Mapping[str, str], take_up: TakeUp) -> Scenario:
    base, problems = Base({pack.id: pack}, root.dictionary, root.groups, root.group_nodes), Problems()
    nodes = {name: TextNode(Spot(f"assume {name}", 0), value) for name, value in assume.items()}
    typed = {name: assumed(name, node, base, problems) for name, node in nodes.items()}
    if problems.all():
        raise AuthorError(problems.all())
    known = {name: value for name, value in typed.items() if value is not None}
    return replace(in_force(base, take_up, known), name=DRAFT, words=_WORDS)


def _before(pack: Pack, draft: Scenario, as_of: datetime) -> tuple[Scenario, ...]:
    """The version in force, where it has every item of the draft for the same kind of subject."""
    standing = catalogue.policies(as_of=as_of, pack_ids=[pack.id])
    old = catalogue.revision(standing[0].id) if standing else None
    if old is None or any(
        name not in old.items or old.items[name].audience is not item.audience for name, item in pack.items.items()
    ):
        return ()
    root = catalogue.root(standing[0].id)
    base = Base({old.id: old}, root.dictionary, root.groups, root.group_nodes)
    return (in_force(base, draft.take_up, draft.assume),)


def _titles(pack: Pack, name: str) -> dict[str, str]:
    return {lang: words.items[name].title for lang, words in pack.words.items() if name in words.items}
