"""The dictionary of a made-up province and the pack root that holds it: code trees, offices, attributes, portrait."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files as resources

import numpy as np

from zhida.domain.errors import AuthorError
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.reading.attributes import read_dictionary
from zhida.domain.packs.source.nodes import Problems
from zhida.domain.values import CodeTree
from zhida.services.demonstration.generation.province.trees import ROOT, industry_tree, region_tree, table_of
from zhida.services.demonstration.generation.province.writing import Plain, yaml_of

TAGS = 60
OFFICES_EACH = 4
_ALWAYS_TOLD, _SELDOM_MISSING = 35, 2
_TREES: Mapping[str, Plain] = {
    "code_trees": {
        "region": {"file": "codes/region.csv", "words": {"zh": "行政区划", "en": "administrative division"}},
        "industry": {"file": "codes/industry.csv", "words": {"zh": "行业分类", "en": "classification of industries"}},
    }
}


@lru_cache(maxsize=4)
def shared_files(seed: int) -> Mapping[str, bytes]:
    """`_attributes/` and `_population/` of the province's pack root, path to bytes."""
    regions = region_tree(seed)
    own = resources(__package__)
    tags, draws = _tags(seed)
    return {
        "_attributes/code_trees.yaml": yaml_of(_TREES),
        "_attributes/codes/industry.csv": table_of(industry_tree(seed)),
        "_attributes/codes/region.csv": table_of(regions),
        "_attributes/offices.yaml": yaml_of({"offices": _offices(regions)}),
        "_attributes/organisation.yaml": own.joinpath("organisation.yaml").read_bytes(),
        "_attributes/tags.yaml": yaml_of({"attributes": tags}),
        "_population/organisation.yaml": own.joinpath("portrait.yaml").read_bytes() + draws,
    }


@lru_cache(maxsize=4)
def dictionary(seed: int) -> Dictionary:
    """The province's dictionary: about 1,540 regions, 1,984 industries, 85 attributes, and every office."""
    problems = Problems()
    found = read_dictionary(shared_files(seed), problems)
    if problems.all():
        raise AuthorError(problems.all())
    return found


def office_of(region: str, number: int) -> str:
    """The slug of one of a region's offices, its number from 1 to OFFICES_EACH."""
    return f"office-{region}-{number}"


def _offices(regions: CodeTree) -> dict[str, Plain]:
    """The same few offices in the province, each city and each county, each under its like above."""
    found: dict[str, Plain] = {}
    for code in regions.parents:
        if len(code) > len(ROOT):
            continue
        for number in range(1, OFFICES_EACH + 1):
            above = regions.parents[code]
            superior: dict[str, Plain] = {"under": office_of(above, number)} if above else {}
            words = {"zh": f"{regions.names[code]}第{number}办公室", "en": f"office {number} of {code}"}
            found[office_of(code, number)] = {"region": code, **superior, "words": words}
    return found


def _tags(seed: int) -> tuple[dict[str, Plain], bytes]:
    """Yes-or-no attributes, and how they are drawn: some always told, most others unknown of 20 to 50 in a hundred."""
    rng = np.random.default_rng([seed, 3])
    attributes: dict[str, Plain] = {}
    draws = []
    for number in range(1, TAGS + 1):
        name, chance = f"tag_{number:02d}", rng.uniform(0.02, 0.5)
        attributes[name] = {
            "kind": "boolean",
            "owner": office_of(ROOT, number % OFFICES_EACH + 1),
            "source": "lists",
            "field_class": "public",
            "audience": ["organisation"],
            "words": {"zh": f"标签{number}", "en": f"tag {number}"},
            **({"absence": "false"} if number <= _ALWAYS_TOLD else {}),
        }
        missing = rng.uniform(0.14, 0.33) if number <= TAGS - _SELDOM_MISSING else 0.065
        draws.append(f"  {name}: {{chance: {chance:.3f}, missing: {missing:.3f}}}\n")
    return attributes, "".join(draws).encode()
