"""The published part of the DMN TCK: how much passes, that nothing in scope fails, and that the judge can say no.

The TCK stands in ../shared/data/vectors, outside the repository; where it is absent the tests skip and say so.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.dmn_tck import __main__ as command
from tests.conformance.dmn_tck.report import as_text, counts, reasons, shared
from tests.conformance.dmn_tck.runner import FAILED, OUT_OF_SCOPE, PASSED, Verdict, run_all
from zhida.domain.rules import numbers
from zhida.domain.rules.engines import kleene

TCK = Path(__file__).parents[3] / "shared" / "data" / "vectors" / "dmn_tck_part.zip"
MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:own" name="own">
<inputData name="n" id="n"><variable name="n" typeRef="number"/></inputData>
<decision name="twice" id="twice"><variable name="twice" typeRef="number"/>
<informationRequirement><requiredInput href="#n"/></informationRequirement>
<literalExpression><text>{text}</text></literalExpression></decision></definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>own.dmn</modelName><testCase id="001">
<inputNode name="n"><value xsi:type="xsd:decimal">2.5</value></inputNode>
<resultNode name="twice"><expected><value xsi:type="xsd:decimal">5</value></expected></resultNode>
</testCase></testCases>"""


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    if not TCK.exists():
        pytest.skip(f"{TCK} is absent: the TCK is not part of this repository")
    return run_all(TCK)


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], Path]:
    """A folder as the TCK has them, with one decision of our own."""

    def write(text: str) -> Path:
        folder = tmp_path / "compliance-level-2" / "0001-own"
        folder.mkdir(parents=True)
        (folder / "own.dmn").write_text(MODEL.format(text=text))
        (folder / "own-test-01.xml").write_text(CASES)
        return tmp_path

    return write


def test_nothing_in_scope_fails(verdicts: list[Verdict]) -> None:
    assert [(one.test, one.case, one.why) for one in verdicts if one.outcome == FAILED] == []


def test_nearly_all_of_both_levels_passes(verdicts: list[Verdict]) -> None:
    found = counts(verdicts)
    assert found["2"][PASSED] == found["2"].total() >= 116
    assert found["3"][PASSED] >= 0.98 * found["3"].total() >= 1_000


def test_the_page_of_conformance_gives_these_figures(verdicts: list[Verdict]) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
    assert as_text(verdicts) in page.read_text("utf-8")


def test_only_foreign_code_is_out_of_scope(verdicts: list[Verdict]) -> None:
    assert dict(reasons(verdicts)) == {"external functions: code in Java or PMML does not run here": 18}


def test_every_expression_of_the_published_part_is_read(verdicts: list[Verdict]) -> None:
    """A text that is no FEEL is worth null, which some cases expect: none may pass for that."""
    assert [(one.test, one.case, one.unread) for one in verdicts if one.unread] == []


def test_the_engines_of_packs_say_the_same_of_what_a_pack_can_say(verdicts: list[Verdict]) -> None:
    asked, by_columns = shared(verdicts)
    assert asked >= 100
    assert by_columns == asked
    assert [one for verdict in verdicts for one in verdict.judged if not one.agrees] == []


def test_wrong_logic_in_the_domain_fails_cases(verdicts: list[Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kleene, "decided", lambda values, decisive: decisive in list(values))
    failed = {one.test for one in run_all(TCK) if one.outcome == FAILED}
    assert {"0065-feel-disjunction-test-01.xml", "0106-feel-ternary-logic-test-01.xml"} <= failed


def test_wrong_numbers_in_the_domain_fail_cases(verdicts: list[Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(numbers._OPERATIONS, "*", numbers.FEEL.add)
    monkeypatch.setitem(numbers._ROUNDINGS, "floor", "ROUND_CEILING")
    failed = {one.test for one in run_all(TCK) if one.outcome == FAILED}
    assert {"0105-feel-math-test-01.xml", "1101-feel-floor-function-test-01.xml"} <= failed


def test_a_right_model_passes(own: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _exit_of(own("2 * n"), monkeypatch) == 0


@pytest.mark.parametrize("text", ["3 * n", "n * ", "missing", '"5"', "2 * n + 0.000000001"])
def test_a_wrong_model_fails(text: str, own: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _exit_of(own(text), monkeypatch) == 1


def test_foreign_code_is_told_by_the_model_alone(own: Callable[[str], Path]) -> None:
    text = '(function(a) external {java: {class: "java.lang.Math", method signature: "abs(double)"}})(n)'
    (verdict,) = run_all(own(text))
    assert verdict.outcome == OUT_OF_SCOPE


def test_a_folder_without_cases_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _exit_of(tmp_path, monkeypatch) == 1


def _exit_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["dmn_tck", str(path)])
    return command.main()
