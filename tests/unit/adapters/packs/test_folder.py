"""Forms of packs are kept whole, for this release and this account alone; a disk that does not help costs only time."""

from pathlib import Path

from zhida.adapters.packs import FormFolder


def test_what_is_kept_is_found_by_the_next_process(tmp_path: Path) -> None:
    FormFolder(tmp_path / "packs").keep("a/b", b"held")
    assert FormFolder(tmp_path / "packs").find("a/b") == b"held"
    assert FormFolder(tmp_path / "packs").find("a/c") is None


def test_what_another_release_kept_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "older").mkdir()
    (tmp_path / "older" / "form").write_bytes(b"of another code")
    FormFolder(tmp_path).keep("a", b"held")
    (own,) = tmp_path.iterdir()
    assert own.name != "older"


def test_a_folder_that_others_may_write_is_left_alone(tmp_path: Path) -> None:
    FormFolder(tmp_path).keep("a", b"held")
    (own,) = tmp_path.iterdir()
    own.chmod(0o777)
    assert FormFolder(tmp_path).find("a") is None
    FormFolder(tmp_path).keep("b", b"held")
    assert len(list(own.iterdir())) == 1


def test_a_torn_file_and_a_place_that_is_no_folder_are_as_if_nothing_were_kept(tmp_path: Path) -> None:
    held = FormFolder(tmp_path / "packs")
    held.keep("a", b"held")
    (file,) = (tmp_path / "packs").rglob("*/*")
    file.write_bytes(file.read_bytes()[:-3])
    assert held.find("a") is None
    (tmp_path / "file").write_bytes(b"")
    barred = FormFolder(tmp_path / "file")
    barred.keep("a", b"held")
    assert barred.find("a") is None
