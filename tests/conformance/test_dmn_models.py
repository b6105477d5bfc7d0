"""What the shown part of the TCK does not reach: imports, services with several outputs, boxed iteration, recursion."""

from decimal import Decimal, localcontext
from typing import Any

import pytest

from tests.conformance.dmn_tck.decisions import Run
from tests.conformance.dmn_tck.reading import read_model
from tests.conformance.dmn_tck.values import written
from zhida.domain.rules.numbers import FEEL

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:{0}" name="{0}">'
LIBRARY = f"""{HEAD.format("library")}
<itemDefinition name="tRate"><typeRef>number</typeRef>
<allowedValues><text>[0..1]</text></allowedValues></itemDefinition>
<inputData name="rate" id="rate"><variable name="rate" typeRef="tRate"/></inputData>
<businessKnowledgeModel name="share of" id="share"><variable name="share of"/><encapsulatedLogic>
<formalParameter name="base" typeRef="number"/><formalParameter name="part" typeRef="tRate"/>
<literalExpression><text>base * part</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
</definitions>"""
MODEL = f"""{HEAD.format("own")}
<import name="lib" namespace="urn:library" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
<inputData name="n" id="n"><variable name="n" typeRef="number"/></inputData>
<decision name="half" id="half"><variable name="half" typeRef="number"/>
<informationRequirement><requiredInput href="#n"/></informationRequirement>
<informationRequirement><requiredInput href="urn:library#rate"/></informationRequirement>
<knowledgeRequirement><requiredKnowledge href="urn:library#share"/></knowledgeRequirement>
<literalExpression><text>lib.share of(n, lib.rate)</text></literalExpression></decision>
<decision name="twice" id="twice"><variable name="twice" typeRef="number"/>
<informationRequirement><requiredInput href="#n"/></informationRequirement>
<literalExpression><text>2 * n<!-- a comment --></text></literalExpression></decision>
<decision name="plus" id="plus"><variable name="plus"/>
<informationRequirement><requiredDecision href="#twice"/></informationRequirement>
<literalExpression><text>twice + 1</text></literalExpression></decision>
<decisionService name="both" id="both"><variable name="both"/>
<outputDecision href="#twice"/><outputDecision href="#plus"/><inputData href="#n"/></decisionService>
<decision name="called" id="called"><variable name="called"/>
<knowledgeRequirement><requiredKnowledge href="#both"/></knowledgeRequirement>
<literalExpression><text>both(4)</text></literalExpression></decision>
<decision name="listed" id="listed"><variable name="listed"/>
<for iteratorVariable="i"><in><literalExpression><text>[1..4]</text></literalExpression></in>
<return><literalExpression><text>i * i + count(partial)</text></literalExpression></return></for></decision>
<decision name="all small" id="all"><variable name="all small"/>
<every iteratorVariable="i"><in><list><literalExpression><text>1</text></literalExpression>
<literalExpression><text>2</text></literalExpression></list></in>
<satisfies><literalExpression><text>i &lt; 3</text></literalExpression></satisfies></every></decision>
<decision name="factorial" id="factorial"><variable name="factorial"/><context>
<contextEntry><variable name="f"/><functionDefinition><formalParameter name="k" typeRef="number"/>
<literalExpression><text>if k = 0 then 1 else k * f(k - 1)</text></literalExpression></functionDefinition>
</contextEntry>
<contextEntry><literalExpression><text>f(5)</text></literalExpression></contextEntry></context></decision>
</definitions>"""


def decided(name: str, **given: Any) -> str | None:
    run = Run(read_model(MODEL.encode(), [MODEL.encode(), LIBRARY.encode()]), given)
    with localcontext(FEEL):
        value = run.decision(name)
    assert not run.evaluation.unread
    return written(value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("called", "{twice: 8, plus: 9}"),
        ("listed", "[1, 5, 11, 19]"),
        ("all small", "true"),
        ("factorial", "120"),
    ],
)
def test_boxed_expressions_and_services(name: str, expected: str) -> None:
    assert decided(name) == expected


def test_an_imported_function_reads_an_imported_input_and_its_type() -> None:
    assert decided("half", n=Decimal(8), rate=Decimal("0.5")) == "4"
    assert decided("half", n=Decimal(8), lib={"rate": Decimal("0.25")}) == "2"
    assert decided("half", n=Decimal(8), rate=Decimal(2)) == "null"


def test_a_decision_sees_only_what_it_requires() -> None:
    assert decided("plus", n=Decimal(3)) == "7"
    assert decided("called", n=Decimal(100)) == "{twice: 8, plus: 9}"


def test_an_entity_is_not_expanded() -> None:
    text = '<!DOCTYPE definitions [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    model = read_model((text + MODEL.replace("2 * n", "&secret;2 * n")).encode())
    run = Run(model, {"n": Decimal(3)})
    with localcontext(FEEL):
        assert run.decision("twice") == 6
