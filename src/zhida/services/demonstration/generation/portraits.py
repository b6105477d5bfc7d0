"""What the made-up subjects of a kind look like: one YAML file a kind, checked where it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.values import SubjectKind

_SECTIONS = ("region", "name", "number", "years", "missing", "hidden", "facts")


@dataclass(frozen=True)
class Missing:
    """How often a source does not know: `rate`, times `times` where the hidden quantity `by` is under `under`."""

    rate: float = 0.05
    by: str = ""
    under: float = 0.0
    times: float = 1.0


@dataclass(frozen=True)
class Portrait:
    """How subjects of a kind are drawn.

    `region` draws their place: `weights` by code, `precise` (the share not coarsened); a crowd drawn in parts takes
    `depths` (how many of 100 are told to the first, second … level of the tree) and `unknown` (of 100). `name` draws a
    text or a list of parts put together, `number` the facts a citizen number is made of. `hidden` quantities shape
    others and are told to nobody. `facts` names a draw for an attribute: a mapping of the draw's name to its settings,
    perhaps with `missing`, or `nothing` where no source supplies it. `years` is how many past years are known.
    """

    kind: SubjectKind
    region: Mapping[str, Any] = field(default_factory=dict)
    name: Any = ""
    number: Mapping[str, str] = field(default_factory=dict)
    years: int = 2
    missing: Missing = Missing()
    hidden: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_portraits(files: Mapping[str, bytes]) -> dict[SubjectKind, Portrait]:
    """Portraits from files named `<kind>.yaml`. Raises AuthorError with every problem found."""
    problems: list[Problem] = []
    found: dict[SubjectKind, Portrait] = {}
    for path, content in sorted(files.items()):
        kind = path.rpartition("/")[2].removesuffix(".yaml")
        if kind not in set(SubjectKind):
            problems.append(Problem(path, 0, 0, "unknown_kind", f"{kind} is no kind of subject", "name it by its kind"))
            continue
        try:
            written = YAML(typ="safe", pure=True).load(BytesIO(content)) or {}
        except YAMLError as caught:
            problems.append(Problem(path, 0, 0, "malformed_yaml", str(caught), "mend the YAML"))
            continue
        strange = sorted(set(written) - set(_SECTIONS))
        hint = f"sections are {', '.join(_SECTIONS)}"
        problems += [Problem(path, 0, 0, "unknown_section", f"no section {name}", hint) for name in strange]
        if not strange:
            missing = Missing(**written.pop("missing", {}))
            found[SubjectKind(kind)] = Portrait(SubjectKind(kind), missing=missing, **written)
    if problems:
        raise AuthorError(problems)
    return found
