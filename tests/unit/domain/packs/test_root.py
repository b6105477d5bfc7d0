"""A root is read whole: sound packs in, broken ones out with every mistake and its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of
from zhida.domain.packs import Claim, FieldClass, nameless_values, read_root
from zhida.domain.process import Check, Pay
from zhida.domain.values import SubjectKind


def codes(files: dict[str, bytes]) -> list[str]:
    root = read_root(files)
    assert not root.packs
    return sorted({problem.code for problem in root.problems})


def test_a_sound_root() -> None:
    root = root_of(files_with())
    pack = root.packs[PACK]
    item = pack.items["grant"]
    assert item.id == f"{PACK}/grant"
    assert (item.audience, item.claim, item.within) == (SubjectKind.ORGANISATION, Claim.AUTOMATIC, "place")
    assert item.reads == {"place", "heated_area", "fuel"}
    assert item.pays
    assert [type(step) for step in pack.process.steps] == [Check, Pay]
    assert pack.document.title == "供热补贴办法"
    assert [clause.number for clause in pack.clauses] == ["第一条", "第二条", "第三条"]
    assert pack.clause("a3").text == "燃气每平方米 2 元，其他 1 元。"
    assert pack.explained == {"a1": "purpose"}


def test_the_dictionary() -> None:
    dictionary = root_of(files_with()).dictionary
    area = dictionary.attributes["heated_area"]
    assert (area.fact.kind, area.fact.unit, area.fact.period) == ("number", "", "year")
    assert area.fact.minimum == Decimal(0)
    assert area.field_class is FieldClass.RESTRICTED
    assert dictionary.attributes["listed"].fact.absence is False
    assert dictionary.attributes["fuel"].fact.absence == "unknown"
    assert dictionary.relations["boilers"].relation.singular == "boiler"
    assert dictionary.relations["boilers"].relation.fields["power"].unit == "kilowatts"
    assert dictionary.named("heated_area", "zh") == "供热面积"
    assert dictionary.named("boilers", "en") == "boilers"
    assert dictionary.owner_of("fuel") == "north-energy"
    assert dictionary.code_trees["region"].within("101", "10") is True


def test_problems_of_all_files_are_told_at_once() -> None:
    files = edited("rules.yaml", "heated_area(year - 1) >= 100", "heatd_area(year - 1) >= 100")
    files[f"{PACK}/items.yaml"] = files[f"{PACK}/items.yaml"].replace(b"[large]", b"[large, small]")
    files[f"{PACK}/words/zh.yaml"] = files[f"{PACK}/words/zh.yaml"].replace("title: 供热补贴\n".encode(), b"")
    problems = read_root(files).problems
    found = {(problem.file.removeprefix(f"{PACK}/"), problem.code) for problem in problems}
    assert {
        ("rules.yaml", "unknown_name"),
        ("items.yaml", "unknown_requirement"),
        ("words/zh.yaml", "missing_key"),
    } <= found
    misspelt = next(problem for problem in problems if problem.code == "unknown_name")
    assert (misspelt.line, misspelt.column, misspelt.clause) == (2, 33, "a2")
    assert "heated_area" in misspelt.hint


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("pack.yaml", "id: north/heating", "id: north/cooling", "id_not_folder"),
        ("pack.yaml", "owner: north-energy", "owner: north-enrgy", "unknown_office"),
        ("pack.yaml", 'region: "10"', 'region: "99"', "unknown_region"),
        ("pack.yaml", "issued_on: 2026-01-02", "issued_on: 2026-13-02", "malformed"),
        ("pack.yaml", "issuer: north-energy", "issuer: north-energy\nextra: 1", "unknown_key"),
        ("policy.md", " {#a2}", "", "no_anchor"),
        ("policy.md", "{#a2}", "{#a1}", "anchor_twice"),
        ("policy.md", "燃气每平方米", "（一）燃气每平方米", "no_anchor"),
        ("items.yaml", "cites: [a3]", "cites: [a9]", "unknown_clause"),
        ("items.yaml", "  budget_line: energy/heating\n", "", "no_budget_line"),
        ("items.yaml", "  once_per: [[subject, year]]\n", "", "no_once_per"),
        ("items.yaml", "[[subject, year]]", "[[subject, yeer]]", "malformed_key"),
        ("items.yaml", "[[subject, year]]", "[[record.number]]", "malformed_key"),
        ("items.yaml", "  within: place\n", "", "no_within"),
        ("items.yaml", "amount: grant_fen", "amount: grant", "unknown_amount"),
        ("items.yaml", "claim: automatic", "claim: automatic\n  stacking: some", "unknown_group"),
        ("items.yaml", "audience: organisation", "audience: person", "wrong_audience"),
        ("items.yaml", "claim: automatic",
         "claim: automatic\n  quota: {n: 2, by: [{value: fuel, first: high}], ties: all_in}",
         "no_select_step"),
        ("items.yaml", "claim: automatic",
         "claim: automatic\n  obligations: [{is: stay, breach: recover, cites: [a3]}]",
         "obligation_without_end"),
        ("rules.yaml", "cites: [a2]", "cites: []", "clause_uncovered"),
        ("rules.yaml", ">= 100", ">= fuel", "wrong_type"),
        ("rules.yaml", "* rate_fen", "/ rate_fen * 0.5", "amount_not_whole"),
        ("rules.yaml", "[coal, wood]", "coal", "table_gap"),
        ("rules.yaml", "[coal, wood]", "[coal, wood, peat]", "wrong_cell"),
        ("rules.yaml", "kind: computed", "kind: guessed", "not_one_of"),
        ("clauses.yaml", "a1: {not", "a2: {not_computable: other}\na1: {not", "explained_and_cited"),
        ("process.yaml", "fulfil:\n  - pay: {within_working_days: 5}\n", "", "no_pay_step"),
        ("process.yaml", "check: {by: system}", "check: {by: nobody}", "unknown_office"),
        ("process.yaml", "check:", "chek:", "unknown_step"),
        ("process.yaml", "check: {by: system}", "publicise: {by: owner, shows: []}", "malformed_notice_period"),
        ("words/zh.yaml", ', unknown: 面积未知', "", "words_missing"),
        ("words/zh.yaml", "{heated_area} 平方米", "{heatd_area} 平方米", "unknown_blank"),
        ("words/zh.yaml", "{heated_area} 平方米", "{heated_area:roman} 平方米", "unknown_format"),
        ("words/zh.yaml", "{heated_area} 平方米", "{heated_area.x!r} 平方米", "malformed_blank"),
        ("golden/firms.yaml", "fuel: gas", "fuel: peat", "not_one_of"),
        ("golden/firms.yaml", 'place: "101"', 'place: "999"', "unknown_code"),
        ("golden/firms.yaml", "{heated_area: 99}", "{heated_aera: 99}", "unknown_fact"),
        ("golden/firms.yaml", "{fuel: coal}", "{fuel: coal, heated_area: 3}", "wrong_period"),
        ("golden/firms.yaml", "name: coal", "name: '99'", "case_twice"),
        ("_attributes/all.yaml", "owner: north-energy, source: 名单", "owner: south, source: 名单", "unknown_office"),
        ("_attributes/region.csv", "101,10,Hill", "101,12,Hill", "unknown_parent"),
        ("_attributes/region.csv", "101,10,Hill", "10,1,Hill", "code_twice"),
    ],
)  # fmt: skip
def test_mistakes(path: str, old: str, new: str, code: str) -> None:
    found = codes(edited(path, old, new)) if not path.startswith("_") else _root_codes(path, old, new)
    assert code in found


def _root_codes(path: str, old: str, new: str) -> list[str]:
    return [problem.code for problem in read_root(edited(path, old, new)).problems]


def test_listed_values_need_words() -> None:
    heating = root_of(files_with()).packs[PACK]
    assert nameless_values(heating, "zh") == ()
    worded = "{gas: {zh: 燃气, en: gas}, coal: {zh: 燃煤, en: coal}, wood: {zh: 木柴, en: wood}}"
    bare = edited("_attributes/all.yaml", worded, "[gas, coal, wood]")
    told = [f"choices: no words for {value}, a value of fuel" for value in ("gas", "coal", "wood")]
    assert list(nameless_values(root_of(bare).packs[PACK], "zh")) == told
    bare[f"{PACK}/words/zh.yaml"] += "\nchoices: {gas: 燃气, coal: 燃煤, wood: 木柴}\n".encode()
    assert nameless_values(root_of(bare).packs[PACK], "zh") == ()


def test_values_of_a_question_need_words_of_the_pack() -> None:
    asked = {"form.yaml": "questions: {boiler_kind: {kind: text, values: [old, new]}}\n"}
    assert "words_missing" in codes(files_with(asked))
    needless = edited("words/zh.yaml", "title: 供热补贴\n", "title: 供热补贴\nchoices: {peat: 泥炭}\n")
    assert "words_for_nothing" in codes(needless)


def test_a_budget_line_must_be_known_where_lines_are_named() -> None:
    named = "budget_lines:\n  energy/heating: {owner: north-energy, words: {zh: 供热资金}}\n"
    known = edited("_attributes/all.yaml", "relations:\n", named + "relations:\n")
    assert root_of(known).dictionary.budget_lines["energy/heating"].words == {"zh": "供热资金"}
    renamed = known | {f"{PACK}/items.yaml": known[f"{PACK}/items.yaml"].replace(b"energy/heating", b"energy/heatin")}
    assert "unknown_budget_line" in [problem.code for problem in read_root(renamed).problems]


def test_codes_may_have_english_names() -> None:
    table = edited("_attributes/region.csv", "code,parent,name", "code,parent,name,en")
    head, columns, first, *rest = table["_attributes/region.csv"].decode().splitlines()
    table["_attributes/region.csv"] = "\n".join(
        [head, columns, f"{first},The North", *(f"{x}," for x in rest)]
    ).encode()
    regions = root_of(table).dictionary.code_trees["region"]
    assert [regions.named("1", lang) for lang in ("zh", "en")] == ["North", "The North"]
    assert regions.named("101", "en") == "Hill"


def test_a_cell_outside_the_closed_list_is_told() -> None:
    assert codes(edited("rules.yaml", "[coal, wood]", "[coal, wod]"))


def test_asking_what_is_held_is_an_error() -> None:
    files = files_with({"form.yaml": "questions: {fuel: {kind: text}}\n"})
    assert "asks_what_is_held" in codes(files)


def test_evidence_needs_a_paper_and_a_person() -> None:
    files = edited("rules.yaml", "kind: computed, when: heated_area(year - 1) >= 100", "kind: evidenced")
    found = codes(files)
    assert {"evidence_from_nowhere", "cannot_be_at_once"} <= set(found)


def test_a_derived_attribute_is_checked_where_it_stands() -> None:
    files = edited(
        "_attributes/all.yaml", "kind: boolean, owner", "kind: boolean, derive: heated_area(year) + 1, owner"
    )
    (problem,) = [problem for problem in read_root(files).problems if problem.file == "_attributes/all.yaml"]
    assert problem.code == "wrong_type"
    assert problem.line == 9


def test_files_that_belong_nowhere() -> None:
    files = files_with({"north/heating/notes.txt": "x", "north/README.md": "x", "north/empty/policy.md": "x"})
    found = {(problem.file, problem.code) for problem in read_root(files).problems}
    assert found == {
        ("north/heating/notes.txt", "unknown_file"),
        ("north/README.md", "stray_file"),
        ("north/empty", "missing_file"),
    }


def test_a_broken_pack_does_not_hide_a_sound_one() -> None:
    files = files_with()
    for path in list(files):
        if path.startswith(PACK):
            files[path.replace("heating", "second")] = files[path].replace(b"north/heating", b"north/second")
    files[f"{PACK}/rules.yaml"] = b"requirements: ["
    root = read_root(files)
    assert list(root.packs) == ["north/second"]
    assert {problem.code for problem in root.problems} == {"yaml_syntax"}


def test_an_empty_root() -> None:
    root = read_root({})
    assert root.packs == {}
    assert root.problems == ()
