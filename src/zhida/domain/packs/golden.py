"""Golden cases run: each item's real answer held against what the case expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.cases import Expectation, GoldenCase
from zhida.domain.packs.items import Item
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import Assessment, Program, Schema, assess
from zhida.domain.sentences import tell
from zhida.domain.values import Fact, FactKey, Facts

GRANTS = "grants"


@dataclass(frozen=True)
class CaseResult:
    """One item of one case: what came out (None where a promise broke), and how that differs from what was expected."""

    case: GoldenCase
    item: str
    actual: Assessment | None
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


@dataclass(frozen=True)
class GoldenReport:
    """All results of a pack."""

    pack: str
    results: tuple[CaseResult, ...]

    @property
    def passed(self) -> bool:
        """Whether there are cases and all of them hold."""
        return bool(self.results) and all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """Those that do not hold."""
        return tuple(result for result in self.results if not result.passed)


def run_golden(pack: Pack) -> GoldenReport:
    """Runs every golden case of a pack."""
    results = [
        run_case(case, pack.items[name], pack.items[name].program) for case in pack.golden for name in case.expected
    ]
    return GoldenReport(pack.id, tuple(results))


def run_case(case: GoldenCase, item: Item, program: Program) -> CaseResult:
    """One item of one case, by a program that may be a changed one (a mutant)."""
    facts = with_own_past(case.facts, program.schema)
    try:
        actual = assess(program, facts, case.as_of, rulings=case.rulings, held=case.held)
    except InvariantBroken as error:
        return CaseResult(case, item.name, None, (str(error),))
    return CaseResult(case, item.name, actual, tuple(differences(case.expected[item.name], actual)))


def with_own_past(facts: Facts, schema: Schema) -> Facts:
    """The facts, with an empty past where nothing says what was granted before: for cases outside the platform, which
    always knows what it has granted."""
    key = FactKey(GRANTS)
    if GRANTS not in schema.relations or facts.get(key) is not None:
        return facts
    return facts.with_facts({key: Fact((), "golden")})


def differences(expected: Expectation, actual: Assessment) -> list[str]:
    """In words, each point where an assessment is not what was expected."""
    found: list[str] = []
    if actual.answer != expected.answer:
        found.append(tell("answer {actual}, expected {expected}", actual=actual.answer, expected=expected.answer))
    if expected.amount is not None and actual.amount != expected.amount:
        found.append(tell("amount {actual}, expected {expected}", actual=actual.amount, expected=expected.amount))
    if expected.amount_fen is not None and actual.amount_fen != expected.amount_fen:
        found.append(
            tell("amount_fen {actual}, expected {expected}", actual=actual.amount_fen, expected=expected.amount_fen)
        )
    if expected.because is not None and set(actual.because) != set(expected.because):
        found.append(
            tell(
                "because {actual}, expected {expected}",
                actual=_listed(actual.because),
                expected=_listed(expected.because),
            )
        )
    if expected.missing is not None:
        found.extend(_missing(expected.missing, actual))
    each = dict(actual.each)
    for index, below in expected.each.items():
        if index not in each:
            found.append(tell("each {index}: no such record", index=index))
        else:
            found.extend(
                tell("each {index}: {words}", index=index, words=words) for words in differences(below, each[index])
            )
    return found


def _missing(expected: tuple[str, ...], actual: Assessment) -> Sequence[str]:
    written = {name for name in expected if "@" in name}
    told = {str(key) if str(key) in written else key.attribute for key in actual.missing}
    if told == set(expected):
        return []
    return [
        tell(
            "missing {actual}, expected {expected}",
            actual=_listed(sorted(str(key) for key in actual.missing)),
            expected=_listed(expected),
        )
    ]


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(names)}]"
