"""The TCK from a zip or a folder, case by case: passed, failed, or out of scope with its reason."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import localcontext
from pathlib import Path
from typing import Any

from lxml.etree import XMLSyntaxError

from tests.conformance.dmn_tck.cases import Case, Result, read_cases
from tests.conformance.dmn_tck.decisions import Run
from tests.conformance.dmn_tck.features import left_out
from tests.conformance.dmn_tck.judging import agrees
from tests.conformance.dmn_tck.model import Decision, Knowledge, Model, Service
from tests.conformance.dmn_tck.pack_engines import Judged, judge
from tests.conformance.dmn_tck.reading import read_model
from zhida.domain.rules.numbers import FEEL

_LEVEL = re.compile(r"compliance-level-(\d)")
PASSED, FAILED, OUT_OF_SCOPE = "passed", "failed", "out of scope"


@dataclass(frozen=True)
class Verdict:
    """How one case ended. `why` is the reason, or what was found instead; `unread` are the texts that are no FEEL;
    `judged` is what the engines of packs say of the decisions that a pack can say too."""

    level: str
    test: str
    case: str
    outcome: str
    why: str = ""
    unread: tuple[str, ...] = ()
    judged: tuple[Judged, ...] = ()


def run_all(path: Path) -> list[Verdict]:
    """The verdict of every case below a folder or in a zip, in order of their paths."""
    documents = _documents(path)
    verdicts: list[Verdict] = []
    for name in sorted(documents):
        if re.search(r"-test-[^/]*\.xml$", name):
            verdicts += _run_file(name, documents)
    return verdicts


def _documents(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        found = (one for one in path.rglob("*") if one.suffix in (".xml", ".dmn"))
        return {str(one.resolve()): one.read_bytes() for one in found}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".dmn"))]
        return {name: archive.read(name) for name in names}


def _run_file(name: str, documents: dict[str, bytes]) -> Iterator[Verdict]:
    folder = name.rpartition("/")[0]
    level = _LEVEL.search(name)
    model_name, cases = read_cases(documents[name])
    models = [other for other in documents if other.startswith(f"{folder}/") and other.endswith(".dmn")]
    here = (level.group(1) if level else "", name.rpartition("/")[2])
    try:
        model = read_model(documents[f"{folder}/{model_name}"], [documents[other] for other in models])
    except (KeyError, XMLSyntaxError) as error:
        yield from (Verdict(*here, case.name, FAILED, f"no model: {error}") for case in cases)
        return
    yield from (_run_case(model, case, *here) for case in cases)


def _run_case(model: Model, case: Case, level: str, test: str) -> Verdict:
    reason = left_out(model, _keys(model, case))
    if reason:
        return Verdict(level, test, case.name, OUT_OF_SCOPE, reason)
    run = Run(model, case.inputs)
    wrong: list[str] = []
    judged: list[Judged] = []
    for result in case.results:
        try:
            with localcontext(FEEL):
                found = _value(run, case, result.name)
                judged += _judged(run, case, result)
        except Exception as error:
            wrong.append(f"{result.name}: {type(error).__name__}: {error}")
            continue
        if not agrees(result.expected, found):
            wrong.append(f"{result.name}: expected {result.expected!s}, found {found!s}")
    wrong += [f"{one.decision} by the engines of packs: {one}" for one in judged if not one.agrees]
    unread = tuple(f"{text!r}: {why}" for text, why in run.evaluation.unread.items())
    return Verdict(level, test, case.name, FAILED if wrong else PASSED, "; ".join(wrong), unread, tuple(judged))


def _judged(run: Run, case: Case, result: Result) -> list[Judged]:
    found = run.model.named(Decision, result.name) if case.kind == "decision" else None
    return judge(run, found[1], run.scope_of(result.name), result.expected) if found else []


def _value(run: Run, case: Case, name: str) -> Any:
    if case.kind == "decisionService":
        return run.service(case.invocable, name)
    if case.kind == "bkm":
        return run.knowledge(case.invocable)
    return run.decision(name)


def _keys(model: Model, case: Case) -> list[str]:
    if case.kind == "decision":
        named = [model.named(Decision, result.name) for result in case.results]
    else:
        named = [model.named(Service if case.kind == "decisionService" else Knowledge, case.invocable)]
    return [found[0] for found in named if found]
