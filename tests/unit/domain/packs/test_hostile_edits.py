"""Whatever is done to the files of a root, reading tells problems or gives sound packs, and never raises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.packs.small_root import PACK, files_with
from zhida.domain.packs import read_root, tier_of

FILES = files_with()
WORDS = sorted({word for data in FILES.values() for word in data.decode().split()})
EDITS = st.tuples(
    st.sampled_from(sorted(FILES)),
    st.integers(0, 40),
    st.sampled_from(["drop", "double", "put", "cut", "brackets"]),
    st.sampled_from([*WORDS, "[", "}", ":", "-", '"', "null", "0", "1e9", "\t", "&a", "{#a2}"]),
)


def changed(line: str, how: str, word: str) -> list[str]:
    if how == "drop":
        return []
    if how == "double":
        return [line, line]
    if how == "put":
        return [f"{line} {word}"]
    if how == "cut":
        return [line.replace(word, "", 1)]
    return [line.replace("[", "{").replace("]", "}")]


@settings(max_examples=150, deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_no_edit_makes_the_reader_fall(edits: list[tuple[str, int, str, str]]) -> None:
    files = dict(FILES)
    for path, place, how, word in edits:
        lines = files[path].decode().split("\n")
        place %= len(lines)
        files[path] = "\n".join([*lines[:place], *changed(lines[place], how, word), *lines[place + 1 :]]).encode()
    root = read_root(files)
    assert root.problems or PACK in root.packs
    for pack in root.packs.values():
        assert tier_of(root, pack).tier
