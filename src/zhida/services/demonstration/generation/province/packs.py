"""The packs of a made-up province as plain data: where each applies, its items, rules, words and worked examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from zhida.services.demonstration.generation.province.bodies import Body, Requirement, draw_body
from zhida.services.demonstration.generation.province.conditions import Source
from zhida.services.demonstration.generation.province.people import AS_OF, crowd
from zhida.services.demonstration.generation.province.trees import ROOT
from zhida.services.demonstration.generation.province.world import OFFICES_EACH, dictionary, office_of

TEMPLATES = 600
_COPIED = 0.35
_DEPTHS = {0: 0.035, 1: 0.28, 2: 0.62, 3: 0.065}
_SIZES = {0: (20, 60), 1: (20, 60), 2: (20, 60), 3: (4, 10)}
_SAMPLE = 4_096


@dataclass(frozen=True)
class Place:
    """A pack to be written: its id, the region it is for, its number among all, and the numbers of its bodies."""

    id: str
    region: str
    number: int
    bodies: tuple[int, ...]


@lru_cache(maxsize=4)
def source_of(seed: int) -> Source:
    """What conditions are drawn from: the province's dictionary, and a few thousand of its organisations."""
    return Source(dictionary(seed), crowd(_SAMPLE, seed).part(0), AS_OF)


def layout(items: int, seed: int) -> tuple[Place, ...]:
    """The packs that hold so many items, sorted by id: of 100 items 3.5 are for the whole province, 28 for a city, 62
    for a county, 6.5 for a town; 35 have the body of one of 600 templates."""
    rng = np.random.default_rng([seed, 5])
    tree = dictionary(seed).code_trees["region"]
    found: list[Place] = []
    left, fresh = items, TEMPLATES
    for depth, share in _DEPTHS.items():
        here = left if depth == max(_DEPTHS) else min(round(items * share), left)
        left -= here
        regions = [code for code in tree.parents if len(tree.ancestors(code)) == depth]
        weights = rng.lognormal(0.0, 0.5, len(regions))
        while here > 0:
            many = min(int(rng.integers(*_SIZES[depth])), here)
            here -= many
            copied = rng.random(many) < _COPIED
            bodies = np.where(copied, rng.integers(0, TEMPLATES, many), fresh + np.arange(many))
            fresh += many
            region = regions[int(rng.choice(len(regions), p=weights / weights.sum()))]
            name = f"r{region}/measures-{len(found) + 1:04d}"
            found.append(Place(name, region, len(found) + 1, tuple(bodies.tolist())))
    return tuple(sorted(found, key=lambda place: place.id))


def rules_data(place: Place, seed: int) -> dict[str, Any]:
    """The YAML files of a pack that its programs follow from, as plain data by name."""
    bodies, names = _numbered(place, seed)
    office = office_of(_seat(place.region), place.number % OFFICES_EACH + 1)
    return {
        "pack.yaml": _header(place, office),
        "items.yaml": {item: _item(item, body, names, office) for item, body in bodies.items()},
        "rules.yaml": _rules(bodies, names),
    }


def told_data(place: Place, seed: int) -> dict[str, Any]:
    """The other YAML files of a pack: steps, words, worked examples."""
    bodies, names = _numbered(place, seed)
    return {
        "clauses.yaml": {"a1": {"not_computable": "purpose of the measures"}},
        "process.yaml": {"review": [{"check": {"by": "system"}}], "fulfil": [{"pay": {"within_working_days": "10"}}]},
        "words/zh.yaml": _words(place, bodies, names),
        "golden/examples.yaml": {"defaults": {"as_of": str(AS_OF)}, "cases": [*_cases(place, bodies)]},
    }


def policy_text(place: Place, seed: int) -> str:
    """The issued text of a pack: a purpose, and a clause for each item."""
    bodies, _ = _numbered(place, seed)
    clauses = [f"{item}：{body.much}。 {{#{item}}}" for item, body in bodies.items()]
    return "\n\n".join([f"# {_title(place)}", "## 第一条 {#a1}\n为支持经营主体，制定本措施。", *clauses, ""])


@lru_cache(maxsize=4)
def _numbered(place: Place, seed: int) -> tuple[dict[str, Body], dict[Requirement, str]]:
    """The bodies of a pack by item, and the names of their requirements, which items of a pack share."""
    bodies = {f"m{n:02d}": _body(number, seed) for n, number in enumerate(place.bodies, start=1)}
    said = dict.fromkeys(requirement for body in bodies.values() for requirement in body.requirements)
    return bodies, {requirement: f"c{n:03d}" for n, requirement in enumerate(said, start=1)}


@lru_cache(maxsize=50_000)
def _body(number: int, seed: int) -> Body:
    return draw_body(source_of(seed), seed, number)


def _seat(region: str) -> str:
    """Where the office for a region sits: a town's in its county."""
    return region[: len(ROOT)]


def _title(place: Place) -> str:
    return f"{place.region}第{place.number}批惠企措施"


def _header(place: Place, office: str) -> dict[str, Any]:
    return {
        "id": place.id,
        "issuer": office,
        "owner": office,
        "region": place.region,
        "document": {
            "number": f"〔{AS_OF.year}〕{place.number}号",
            "issued_on": f"{AS_OF.year}-01-01",
            "topics": ["其他"],
            "issued_file_sha256": "0" * 64,
        },
        "valid": {"from": f"{AS_OF.year}-01-01", "to": f"{AS_OF.year + 3}-01-01"},
    }


def _item(name: str, body: Body, names: Mapping[Requirement, str], office: str) -> dict[str, Any]:
    paid = {
        "benefit": {"kind": "money", "amount": f"{name}_fen"},
        "once_per": [["subject", "year"]],
        "budget_line": f"measures/{office}",
    }
    return {
        "audience": "organisation",
        "within": "registered_region",
        "claim": "automatic",
        "requires": [names[requirement] for requirement in body.requirements],
        **(paid if body.amount or body.table else {"benefit": {"kind": "service"}}),
        "cites": [name],
    }


def _rules(bodies: Mapping[str, Body], names: Mapping[Requirement, str]) -> dict[str, Any]:
    sections: dict[str, Any] = {"requirements": {}, "tables": {}, "amounts": {}}
    asked_by = {requirement: item for item in reversed(bodies) for requirement in bodies[item].requirements}
    for requirement, name in names.items():
        cites = [asked_by[requirement]]
        if requirement.named:
            ways = {way: {"when": one.text, "cites": cites} for way, one in _ways(requirement)}
            sections["requirements"][name] = {"kind": "computed", "any_of": ways}
        else:
            sections["requirements"][name] = {"kind": "computed", "when": requirement.text, "cites": cites}
    for item, body in bodies.items():
        for section, said in (("tables", body.table), ("amounts", body.amount)):
            if said:
                sections[section][f"{item}_fen"] = {**said, "cites": [item]}
    return {section: entries for section, entries in sections.items() if entries}


def _words(place: Place, bodies: Mapping[str, Body], names: Mapping[Requirement, str]) -> dict[str, Any]:
    requirements: dict[str, Any] = {}
    for requirement, name in names.items():
        said: dict[str, Any] = {"title": requirement.words}
        if requirement.named:
            said["any_of"] = {way: _answers(one.words) for way, one in _ways(requirement)}
        else:
            said |= _answers(requirement.words)
        requirements[name] = {**said, "unknown": "有关信息尚未收到"}
    items = {item: {"title": f"{_title(place)}之{item}", "how_much": body.much} for item, body in bodies.items()}
    return {"title": _title(place), "plain": "符合条件的组织免申即享。", "items": items, "requirements": requirements}


def _answers(words: str) -> dict[str, str]:
    return {"met": f"符合：{words}", "not_met": f"不符合：{words}"}


def _ways(requirement: Requirement) -> Iterator[tuple[str, Any]]:
    return ((f"way_{n}", condition) for n, condition in enumerate(requirement.conditions, start=1))


def _cases(place: Place, bodies: Mapping[str, Body]) -> Iterator[dict[str, Any]]:
    """For each item somebody who meets everything, and somebody who fails its first requirement."""
    for item, body in bodies.items():
        met: dict[str, Any] = {"registered_region": place.region}
        for requirement in body.requirements:
            for condition in requirement.conditions:
                met |= condition.met
        unmet = {key: value for condition in body.requirements[0].conditions for key, value in condition.unmet.items()}
        yield {"name": f"{item} 符合", "facts": met, item: {"answer": "entitled"}}
        yield {"name": f"{item} 不符合", "facts": {**met, **unmet}, item: {"answer": "not"}}
