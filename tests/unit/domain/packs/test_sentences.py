"""A form and its expression say the same, both ways; what no form says stays an expression."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Root, read_root
from zhida.domain.packs.sentences import Form, Line, constant, feel_of, form_of, shown
from zhida.domain.packs.sharing import shared_files
from zhida.domain.rules import parse
from zhida.domain.rules.schema import FactType
from zhida.surfaces.cli.folders import read_files

_PACKS = Path(__file__).resolve().parents[4] / "packs"


@cache
def root() -> Root:
    return read_root(read_files(_PACKS))


FORMS = {
    "sound": Form("and", (Line("sound", "", "is"),)),
    "not(sound)": Form("and", (Line("sound", "", "not"),)),
    "sales(year - 1) >= 500": Form("and", (Line("sales", "year - 1", ">=", ("500",)),)),
    "staff in [5..9]": Form("and", (Line("staff", "", "between", ("5", "9")),)),
    'size in ("small", "micro")': Form("and", (Line("size", "", "in", ('"small"', '"micro"')),)),
    'within(place, "99")': Form("and", (Line("place", "", "within", ('"99"',)),)),
    'within(line, ["61", "62"])': Form("and", (Line("line", "", "within", ('"61"', '"62"')),)),
    "staff > parameters.least or sound": Form(
        "or", (Line("staff", "", ">", ("parameters.least",)), Line("sound", "", "is"))
    ),
    'hire.kind = "new" and hire.months < 3': Form(
        "and", (Line("hire.kind", "", "=", ('"new"',)), Line("hire.months", "", "<", ("3",)))
    ),
}


@pytest.mark.parametrize("feel", FORMS)
def test_a_form_is_read_and_written_back(feel: str) -> None:
    form = form_of(parse(feel))
    assert form == FORMS[feel]
    assert form is not None
    assert feel_of(form) == feel


@pytest.mark.parametrize(
    "feel", ["a + b > 3", "a > b", "some h in hires satisfies h.x", "a and (b or c)", "a in [1..2)", "max(a, 1) > 0"]
)
def test_what_no_form_says_stays_an_expression(feel: str) -> None:
    assert form_of(parse(feel)) is None


def test_every_condition_of_the_shipped_packs_survives_its_form() -> None:
    told = 0
    for pack in root().packs.values():
        for requirement in pack.requirements.values():
            for each in requirement.alternatives:
                form = form_of(each.when)
                if form is not None:
                    told += 1
                    assert parse(feel_of(form)) == each.when
    assert told >= 30


FEN, RATE = FactType("a", "number", unit="fen"), FactType("a", "number", scale=4)
TEXT, DAY, YES = FactType("a", "text"), FactType("a", "date"), FactType("a", "boolean")


@pytest.mark.parametrize(
    ("typed", "fact", "written"),
    [
        ("500,000", FEN, "50000000"),
        ("50万", FEN, "50000000"),
        ("4亿", FEN, "40000000000"),
        ("0.01", FEN, "1"),
        ("3%", RATE, "0.03"),
        ("0.03", RATE, "0.03"),
        ("parameters.rate", RATE, "parameters.rate"),
        ("61", TEXT, '"61"'),
        ("2026-01-31", DAY, 'date("2026-01-31")'),
        ("是", YES, "true"),
    ],
)
def test_what_a_person_types_becomes_a_constant(typed: str, fact: FactType, written: str) -> None:
    made = constant(typed, fact)
    assert parse(made) == parse(written)
    assert parse(constant(shown(made, fact), fact)) == parse(written)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(AuthorError):
        constant("很多 元", FEN)


def test_what_packs_share_is_written_and_read_again() -> None:
    again = read_root(shared_files(root()))
    assert again.problems == ()
    assert {*again.dictionary.attributes} == {*root().dictionary.attributes}
    assert again.dictionary.entries.keys() == root().dictionary.entries.keys()
    assert {*again.groups} == {*root().groups}
