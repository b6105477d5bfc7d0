"""How long a simulation takes: 20 scenarios of one item, 200 items that exclude each other, and five years ahead with
a budget for each, over a province.

`python -m benchmarks.simulation --people FILE` takes the snapshot that `make bench` made
(.zhida/benchmarks/…/people-4300000.parquet), or makes a small one without it. Everything is timed that a person waits
for once the packs are read: compiling, reading the snapshot, answering, adding up. The best of some rounds is printed
with what came out; `--keep` writes benchmarks/results/simulation.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

import django

from benchmarks.screening.machine import load, machine, versions
from benchmarks.screening.scales import SEED, Scale

RESULTS = Path(__file__).parent / "results" / "simulation.json"
ITEMS, SCENARIOS, STACKED, GROUP_OF = 18_857, 20, 200, 5
AHEAD, AHEAD_ITEMS, PLACES = 5, 20, 20_000
_NUMBER = re.compile(r"(>=|<=|>|<) (\d+)\b")


def main() -> None:
    """Reads the command line, measures, prints."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=Path, help="a snapshot of a made-up province; without it 200,000 are made")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--keep", action="store_true", help="write benchmarks/results/simulation.json")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhida.config.settings")
    os.environ.setdefault("ZHIDA_HOME", str(Path(".zhida/benchmarks/home").resolve()))
    django.setup()
    found = measured(options.people, options.rounds)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    if options.keep:
        RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


def measured(people: Path | None, rounds: int) -> dict[str, Any]:
    """Both figures over one snapshot."""
    from benchmarks.screening.world import World
    from zhida.services.simulation.rows import Rows

    path = people or World(Scale("", 200_000, 1_000, 0, 0)).people
    questions = {"one_item": _one_item(), "stacked": _stacked()}
    ahead = {"years": _years_of_one(), "years_of_many": _years_of_many()}
    told: dict[str, Any] = {"machine": machine(), "versions": versions(), "subjects": Rows(path, str(path)).count}
    for name, question in questions.items():
        told[name] = _timed(question, path, rounds)
        told[name]["peak_mib"] = _peak_mib()
    for name, question in ahead.items():
        told[name] = _timed_ahead(question, path, rounds)
        told[name]["peak_mib"] = _peak_mib()
    told["load"] = load()
    return told


def _peak_mib() -> int:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _timed(question: Any, path: Path, rounds: int) -> dict[str, Any]:
    from zhida.services.simulation.rows import Rows
    from zhida.services.simulation.running import simulate

    times, outcome = [], None
    for _ in range(rounds):
        began = perf_counter()
        outcome = simulate(question, Rows(path, str(path)))
        times.append(round(perf_counter() - began, 3))
    if outcome is None:
        raise ValueError("no round was asked for")
    return {
        "best_s": min(times),
        "rounds_s": times,
        "items": len(question.item_ids),
        "scenarios": len(question.scenarios) - 1,
        "cuts": sorted(outcome.breakdowns),
        "entitled": sum(offer.entitled for world in outcome.worlds for offer in world.offers),
        "subjects_paid": [world.subjects for world in outcome.worlds],
        "fen": [world.fen for world in outcome.worlds],
        "digest": outcome.digest,
    }


def _timed_ahead(question: Any, path: Path, rounds: int) -> dict[str, Any]:
    from zhida.domain.proofs import canonical_json
    from zhida.domain.scenarios.claiming import EVERYBODY
    from zhida.services.simulation.rows import Rows
    from zhida.services.simulation.yearly import over_years

    times, found = [], {}
    for _ in range(rounds):
        began = perf_counter()
        found = over_years(question, Rows(path, str(path)), [EVERYBODY] * AHEAD)
        times.append(round(perf_counter() - began, 3))
    years = {name: [asdict(one) for one in each] for name, each in found.items()}
    every = [one for each in found.values() for one in each]
    return {
        "best_s": min(times),
        "rounds_s": times,
        "items": len(question.item_ids),
        "scenarios": len(question.scenarios),
        "years": AHEAD,
        "entitled": sum(one.entitled for one in every),
        "begun": sum(one.begun for one in every),
        "left": sum(one.rationed.left for one in every if one.rationed),
        "due_fen": sum(one.due_fen for one in every),
        "digest": sha256(canonical_json(years)).hexdigest(),
    }


def _root() -> Any:
    """The first packs of the province, which are for everybody in it."""
    from zhida.domain.packs import read_root
    from zhida.services.demonstration.generation.province.items import pack_files
    from zhida.services.demonstration.generation.province.packs import layout
    from zhida.services.demonstration.generation.province.world import shared_files

    files, items = dict(shared_files(SEED)), 0
    for place in layout(ITEMS, SEED):
        if items >= STACKED:
            break
        files |= dict(pack_files(place, SEED))
        items += len(place.bodies)
    root = read_root(files)
    if root.problems:
        raise ValueError(str(root.problems[0]))
    return root


def _base(root: Any) -> Any:
    from zhida.domain.scenarios import Base

    return Base(root.packs, root.dictionary, root.groups, root.group_nodes)


def _one_item() -> Any:
    """Twenty scenarios that move one threshold of one item up, step by step."""
    from zhida.domain.scenarios import in_force, read_scenario
    from zhida.services.demonstration.generation import province
    from zhida.services.simulation.running import Question

    root = _root()
    base = _base(root)
    item, name, when = next(_thresholds(root))
    files = {
        f"step-{step}": _scenario(f"step-{step}", item.pack, name, _raised(when, step))
        for step in range(1, SCENARIOS + 1)
    }
    scenarios = [read_scenario(f"{one}.yaml", data, base) for one, data in files.items()]
    return Question((item.id,), (in_force(base), *scenarios), province.AS_OF, dimensions=_cuts(root))


def _thresholds(root: Any) -> Iterator[tuple[Any, str, str]]:
    for pack in root.packs.values():
        for item in pack.items.values():
            for requirement in item.program.requires:
                node = pack.nodes["rules.yaml"].values["requirements"].values[requirement.name]
                when = node.values.get("when")
                if when is not None and _NUMBER.search(when.text) and "fen" in when.text:
                    yield item, requirement.name, when.text


def _raised(when: str, step: int) -> str:
    return _NUMBER.sub(lambda found: f"{found[1]} {int(found[2]) * (100 + 5 * step) // 100}", when)


def _scenario(name: str, pack: str, requirement: str, when: str) -> bytes:
    change: Mapping[str, Any] = {pack: {"rules": {"requirements": {requirement: {"when": when}}}}}
    return json.dumps({"name": name, "words": {"zh": name}, "change": change}).encode()


def _stacked() -> Any:
    """Two hundred items, every five of them in a group: of some only the highest, of some all up to a cap."""
    from zhida.domain.packs import Group
    from zhida.domain.scenarios import in_force
    from zhida.services.demonstration.generation import province
    from zhida.services.simulation.running import Question

    root = _root()
    items = sorted(item.id for pack in root.packs.values() for item in pack.items.values())[:STACKED]
    group_of = {item: f"g{place // GROUP_OF:02d}" for place, item in enumerate(items)}
    groups = {
        name: Group(name, "", *(("highest_only", "year", None), ("capped_sum", "year", 50_000_000))[at % 2], "", {})
        for at, name in enumerate(sorted(set(group_of.values())))
    }
    packs = {
        pack.id: replace(
            pack, items={name: replace(one, group=group_of.get(one.id, "")) for name, one in pack.items.items()}
        )
        for pack in root.packs.values()
    }
    scenario = replace(in_force(_base(root)), packs=packs, groups=groups)
    return Question(tuple(items), (scenario,), province.AS_OF, dimensions=_cuts(root))


def _years_of_one() -> Any:
    """Twenty scenarios of one item that is paid by the month and checked anew: places by the queue, by rank and money
    by shares, ever more of it."""
    from zhida.domain.packs import Ranking, Schedule
    from zhida.domain.rules import parse
    from zhida.domain.scenarios import in_force
    from zhida.domain.scenarios.plans import Limit, Plan
    from zhida.services.demonstration.generation import province
    from zhida.services.simulation.running import Question

    root = _root()
    item, _, _ = next(_thresholds(root))
    pack = root.packs[item.pack]
    monthly = replace(item, schedule=Schedule("month", None, rechecked=True))
    packs = {**root.packs, pack.id: replace(pack, items={**pack.items, item.name: monthly})}
    first = replace(in_force(_base(root)), packs=packs)
    rank = Ranking(parse("staff_count(year - 1)"), "staff_count(year - 1)", high_first=True)
    years = [province.AS_OF.year + at for at in range(AHEAD)]
    scenarios = [first]
    for step in range(1, SCENARIOS):
        places = {year: Limit(n=PLACES * step // 4) for year in years}
        money = {year: Limit(total_fen=PLACES * step * 10_000_000) for year in years}
        plan = (Plan(places), Plan(places, "ranked", (rank,)), Plan(money, "pro_rata"))[step % 3]
        scenarios.append(replace(first, name=f"step-{step}", plans={item.id: plan}))
    return Question((item.id,), tuple(scenarios), province.AS_OF)


def _years_of_many() -> Any:
    """Some of the items that exclude each other, each with places of its own in every year."""
    from zhida.domain.scenarios.plans import Limit, Plan
    from zhida.services.demonstration.generation import province

    question = _stacked()
    (first,) = question.scenarios
    ids = question.item_ids[:AHEAD_ITEMS]
    limits = {province.AS_OF.year + at: Limit(n=PLACES) for at in range(AHEAD)}
    scenario = replace(first, plans={item_id: Plan(limits) for item_id in ids})
    return replace(question, item_ids=ids, scenarios=(scenario,))


def _cuts(root: Any) -> Any:
    """By place down to the street, by industry, by size."""
    from zhida.domain.scenarios import Dimension

    trees = root.dictionary.code_trees
    return (
        Dimension("region", (), trees.get("region"), depth=4),
        Dimension("industry", (), trees.get("industry"), depth=2),
        Dimension("enterprise_size", ()),
    )


if __name__ == "__main__":
    main()
