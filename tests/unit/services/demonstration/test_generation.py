"""A made-up population: the same for the same seed, whole, plausible, and nobody's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhida.domain.errors import AuthorError
from zhida.domain.packs.root import read_root
from zhida.domain.values import FactKey, Scope, SubjectKind
from zhida.domain.values.subject import CodeVerdict, judge_credit_code, judge_resident_number
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.dictionary import shapes_of
from zhida.services.demonstration.generation import Population, generate, land, read_portraits

PACKS = Path(__file__).parents[4] / "packs"


def bytes_under(folder: str) -> dict[str, bytes]:
    paths = [path for path in sorted((PACKS / folder).rglob("*")) if path.is_file()]
    return {str(path.relative_to(PACKS)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def real_dictionary():
    return read_root(bytes_under("_attributes")).dictionary


def draw(
    dictionary, *, seed: int = 7, organisations: int = 300, persons: int = 500, households: int = 150
) -> Population:
    return generate(
        seed=seed,
        organisations=organisations,
        persons=persons,
        households=households,
        shapes=shapes_of(dictionary),
        trees=dictionary.code_trees,
        portraits=read_portraits(bytes_under("_population")),
        observed_on=date(2026, 3, 1),
    )


@pytest.fixture(scope="module")
def population(real_dictionary) -> Population:
    return draw(real_dictionary)


def columns_of(population: Population, kind: SubjectKind) -> dict[str, pa.ChunkedArray]:
    return {
        name: part.table[name] for part in population.tables if part.kind == kind for name in part.table.column_names
    }


def test_somebody_lives_in_a_building_of_their_own_street_or_in_none_on_record(real_dictionary, population) -> None:
    above = real_dictionary.code_trees["address"].parents
    subjects = {kind: dict(zip(table["id"].to_pylist(), table["region"].to_pylist(), strict=True))
                for kind, table in population.subjects.items()}  # fmt: skip
    found = 0
    for name in ("residence_building", "household_building"):
        part = next(one for one in population.tables if name in one.table.column_names)
        for subject, code in zip(part.table["subject"].to_pylist(), part.table[name].to_pylist(), strict=True):
            assert code is None or above[code] == subjects[part.kind][subject]
            found += code is not None
    assert found > 400


def test_the_same_seed_gives_the_same_population_and_another_gives_another(real_dictionary, population) -> None:
    again, other = draw(real_dictionary), draw(real_dictionary, seed=8)
    assert again.subjects == population.subjects
    assert [part.table for part in again.tables] == [part.table for part in population.tables]
    assert other.subjects[SubjectKind.PERSON] != population.subjects[SubjectKind.PERSON]


def test_every_attribute_that_a_source_supplies_has_values(real_dictionary, population) -> None:
    for kind in SubjectKind:
        given = {FactKey.parse(name).attribute for name in columns_of(population, kind) if name != "subject"}
        expected = {
            shape.name
            for shape in shapes_of(real_dictionary).values()
            if kind in shape.audience and not shape.is_derived and shape.name not in {"grants", "enterprise_size"}
        }
        assert given == expected


def test_codes_are_sound_and_of_no_real_place(population) -> None:
    codes = population.subjects[SubjectKind.ORGANISATION]["credit_code"].to_pylist()
    numbers = population.subjects[SubjectKind.PERSON]["number"].to_pylist()
    assert {judge_credit_code(code) for code in codes} == {CodeVerdict.SOUND}
    assert {judge_resident_number(number) for number in numbers} == {CodeVerdict.SOUND}
    assert len(set(codes)) == 300
    assert len(set(numbers)) == 500
    assert {code[2:4] for code in codes} == {number[:2] for number in numbers} == {"99"}


def test_a_number_tells_the_date_of_birth_and_members_are_their_persons(population) -> None:
    people = population.subjects[SubjectKind.PERSON]
    born = dict(zip(people["id"].to_pylist(), (number[6:14] for number in people["number"].to_pylist()), strict=True))
    facts = columns_of(population, SubjectKind.PERSON)
    for subject, day in zip(facts["subject"].to_pylist(), facts["born_on"].to_pylist(), strict=True):
        assert day is None or born[subject] == f"{day:%Y%m%d}"
    members = pc.list_flatten(columns_of(population, SubjectKind.HOUSEHOLD)["members"]).to_pylist()
    named = [member["person"] for member in members]
    assert len(named) == len(set(named))
    assert all(f"{member['born_on']:%Y%m%d}" == born[member["person"]] for member in members)


def test_small_firms_are_less_well_known(real_dictionary) -> None:
    drawn = columns_of(draw(real_dictionary, organisations=4000, persons=0, households=0), SubjectKind.ORGANISATION)
    revenue, size = drawn["revenue_fen@2025"], drawn["size_by_office"].cast(pa.string())

    def gaps(word: str) -> float:
        rows = pc.fill_null(pc.equal(size, word), False)
        return revenue.filter(rows).null_count / max(len(revenue.filter(rows)), 1)

    assert 0.01 < gaps("large") < gaps("micro") < 0.30


def test_a_dictionary_without_portraits_is_drawn_by_kind(dictionary) -> None:
    shapes = shapes_of(dictionary)
    drawn = generate(
        seed=1,
        organisations=20,
        persons=0,
        households=0,
        shapes=shapes,
        trees=dictionary.code_trees,
        portraits={},
        observed_on=date(2026, 3, 1),
    )
    given = {FactKey.parse(name).attribute for name in columns_of(drawn, SubjectKind.ORGANISATION)} - {"subject"}
    assert given == set(shapes)


def test_landing_twice_changes_nothing(db, real_dictionary, population, actor, now) -> None:
    actions.load_dictionary(dictionary=real_dictionary, by=actor, as_of=now)
    first = land(population=population, by=actor, as_of=now)
    again = land(population=population, by=actor, as_of=now)
    assert all(report.landed == report.read and not report.quarantined for report in first)
    assert all(report.is_repeat for report in again)
    for kind in SubjectKind:
        ref = actions.build_snapshot(kind=kind, dictionary=real_dictionary, as_of=now, by=actor)
        assert ref.rows == population.subjects[kind].num_rows
    household = population.subjects[SubjectKind.HOUSEHOLD]["id"][0].as_py()
    facts = queries.facts_of(household, scope=Scope.system("screening"), as_of=now)
    assert len(facts.known[FactKey("members")].value) >= 1


def test_a_portrait_with_a_strange_section_or_name_is_refused_with_every_problem() -> None:
    with pytest.raises(AuthorError) as caught:
        read_portraits(
            {"person.yaml": b"factz: {}", "robot.yaml": b"", "household.yaml": b"a: [", "x/organisation.yaml": b""}
        )
    assert [problem.code for problem in caught.value.problems] == ["malformed_yaml", "unknown_section", "unknown_kind"]
