"""Crowds drawn part by part: in a snapshot's shape and order, the same however they are cut, and resumable."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.services.demonstration.test_generation import PACKS, bytes_under
from zhida.domain.errors import ConflictError
from zhida.domain.packs.root import read_root
from zhida.domain.values import SubjectKind
from zhida.kernel.registry import actions, storage
from zhida.kernel.registry.dictionary import shapes_of
from zhida.kernel.registry.rowfiles import ORIGIN
from zhida.kernel.registry.snapshots import _ranks
from zhida.services.demonstration.generation import generate, land, read_portraits
from zhida.services.demonstration.generation.partitions import write_partitions
from zhida.services.demonstration.generation.snapshots import Crowd

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def real_dictionary():
    assert PACKS.is_dir()
    return read_root(bytes_under("_attributes")).dictionary


@pytest.fixture
def crowd(real_dictionary):
    def of(kind: SubjectKind = SubjectKind.ORGANISATION, count: int = 1_000, seed: int = 7) -> Crowd:
        portrait = read_portraits(bytes_under("_population"))[kind]
        return Crowd(kind, count, seed, DAY, real_dictionary, portrait, rows_each=256)

    return of


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SubjectKind)
def test_a_part_has_the_columns_of_a_snapshot_with_their_notes(
    crowd, real_dictionary, actor, now, kind, tmp_path
) -> None:
    population = generate(
        seed=7,
        organisations=30,
        persons=30,
        households=30,
        shapes=shapes_of(real_dictionary),
        trees=real_dictionary.code_trees,
        portraits=read_portraits(bytes_under("_population")),
        observed_on=DAY,
    )
    actions.load_dictionary(dictionary=real_dictionary, by=actor, as_of=now)
    land(population=population, by=actor, as_of=now)
    built = actions.build_snapshot(kind=kind, dictionary=real_dictionary, as_of=now, by=actor)
    wanted = [field for field in storage.open_file(built.path).schema_arrow if not field.name.startswith(ORIGIN)]
    found = pq.read_schema(write_partitions(crowd(kind, 20), tmp_path).files[0])
    assert found.names == [field.name for field in wanted]
    for field in wanted:
        assert found.field(field.name).equals(field, check_metadata=True), field


def test_rows_stand_in_the_order_of_the_tree_then_of_keys(crowd, real_dictionary) -> None:
    table = pa.concat_tables(crowd().tables(), promote_options="default")
    ranks = _ranks(real_dictionary.code_trees["region"])
    pairs = list(zip((ranks[code] for code in table["region"].to_pylist()), table["subject"].to_pylist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert table.num_rows == 1_000
    assert table["subject"].to_pylist() != list(range(1, 1_001))


def test_a_part_is_the_same_alone_and_another_seed_gives_another(crowd) -> None:
    assert [*crowd().tables()][2] == crowd().part(2)
    assert crowd(seed=8).part(2) != crowd().part(2)


def test_what_absence_means_is_told_and_derived_facts_are_computed(crowd) -> None:
    table = crowd().part(0)
    assert table["operating_normally"].null_count == 0
    assert {"large", "medium", "small", "micro"} & set(table["enterprise_size"].to_pylist())


def test_what_is_finished_is_kept_and_what_was_cut_off_is_drawn_again(crowd, tmp_path) -> None:
    first = write_partitions(crowd(), tmp_path)
    before = {path.name: path.read_bytes() for path in first.files}
    first.files[1].unlink()
    first.files[1].with_suffix(".draft").write_bytes(b"half a file")
    first.files[2].write_bytes(first.files[2].read_bytes()[:-100])
    told: list[int] = []
    again = write_partitions(crowd(), tmp_path, step=told.append)
    assert (again.drawn, sum(told), len(again.files)) == (2, 1_000, 4)
    assert {path.name: path.read_bytes() for path in again.files} == before
    assert {path.name for path in tmp_path.iterdir()} == before.keys()


def test_rows_are_the_same_however_they_are_cut_into_files(crowd, tmp_path) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    write_partitions(crowd(), one, groups_each=4)
    write_partitions(crowd(), many)
    assert pq.read_metadata(one / "part-00000.parquet").num_row_groups == 4
    assert pq.read_table(one) == pq.read_table(many)


def test_files_of_another_population_are_not_touched(crowd, tmp_path) -> None:
    write_partitions(crowd(), tmp_path)
    for other in (crowd(seed=8), crowd(count=999), crowd(count=300)):
        with pytest.raises(ConflictError, match="another_population"):
            write_partitions(other, tmp_path)
    assert write_partitions(crowd(), tmp_path).drawn == 0
