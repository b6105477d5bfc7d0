"""How long advice to one subject takes: the nearest changes that would entitle it to an item, and the items that pay it
most together, as the portal asks for them; and the search by itself where a dozen items hang together.

`python -m benchmarks.advice --home FOLDER` asks over a demonstration home (`make demo` leaves one), read-only: each of
some subjects about each item in force, packs already read. Prints how many, p50, p99 and the longest in ms; `--keep`
writes benchmarks/results/advice.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import django

from benchmarks.screening.machine import load, machine, versions

RESULTS = Path(__file__).parent / "results" / "advice.json"
SUBJECTS, KNOTS, IN_A_KNOT, SEED = 60, 200, 12, 20260303


def main() -> None:
    """Reads the command line, measures, prints."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, required=True)
    asked.add_argument("--subjects", type=int, default=SUBJECTS)
    asked.add_argument("--keep", action="store_true", help="write benchmarks/results/advice.json")
    options = asked.parse_args()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "zhida.config.settings", "ZHIDA_HOME": str(options.home.resolve())}
    django.setup()
    told = {"machine": machine(), "versions": versions(), **measured(options.subjects), **knots(), "load": load()}
    print(json.dumps(told, indent=1, ensure_ascii=False))
    if options.keep:
        RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def measured(count: int) -> dict[str, Any]:
    """`ways` of each subject to each item, and `combination` of each subject, over the home."""
    from zhida.domain.values import Scope
    from zhida.kernel.catalogue import queries as catalogue
    from zhida.kernel.ports import clock
    from zhida.kernel.registry.models import Subject
    from zhida.services.simulation import single

    now, scope = clock().now(), Scope.system("benchmark")
    items = [one.item.id for one in catalogue.items(as_of=now)]
    ids = sorted(Subject.objects.values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(ids, min(count, len(ids)))
    single.combination(chosen[0], as_of=now, scope=scope)
    found: list[int] = []
    ways = [
        _timed(lambda one=one, item=item: found.append(len(single.ways(one, item, as_of=now, scope=scope))))
        for one in chosen
        for item in items
    ]
    best = [_timed(lambda one=one: single.combination(one, as_of=now, scope=scope)) for one in chosen]
    return {
        "subjects": len(chosen),
        "items": len(items),
        "asked_with_a_way": sum(bool(each) for each in found),
        "ways_ms": _figures(ways),
        "combination_ms": _figures(best),
    }


def knots() -> dict[str, Any]:
    """The search over knots of as many items as it takes, in which each refuses some of the others."""
    from zhida.domain.scenarios.combining import Choice, best_combination

    draw = random.Random(SEED)
    names = [f"i{number}" for number in range(IN_A_KNOT)]
    times = []
    for _ in range(KNOTS):
        ring = {name: names[number - 1] for number, name in enumerate(names)}
        choices = [
            Choice(name, draw.randrange(1, 10**8), "", frozenset({ring[name], *draw.sample(names, 4)}) - {name})
            for name in names
        ]
        times.append(_timed(lambda choices=choices: best_combination(choices, {})))
    return {"knots_of": IN_A_KNOT, "knot_ms": _figures(times)}


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _figures(times: list[float]) -> dict[str, float]:
    ranked = sorted(times)
    at = {"p50": 0.5, "p99": 0.99}
    shares = {name: round(ranked[min(len(ranked) - 1, int(len(ranked) * share))], 1) for name, share in at.items()}
    return {"asked": len(ranked), **shares, "longest": round(ranked[-1], 1)}


if __name__ == "__main__":
    main()
