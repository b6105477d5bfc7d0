"""Makes the vectors of words that facts are found by, from the packages that carry them: see the README beside them.

Run `python -m benchmarks.word_vectors CNSYN_WHEEL JIEBA_SDIST` after `pip download` of both. The wheel holds them in a
pickle, of which only lists, numbers and arrays are read: nothing that it names is ever called.
"""

from __future__ import annotations

import pickle
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np

from zhida.services import structuring

_TO = Path(structuring.__file__).parent / "vectors"
_TREE, _COUNTS = "cnsyn/query/words_tree_mini.m", "jieba-0.42.1/jieba/dict.txt"
_MOST, _WIDTH, _LENGTH = 30_000, 64, 254
_WORD = re.compile(r"[一-龥]{1,4}")


class _Inert:
    """Stands for whatever a pickle names; it does nothing and keeps what it is told."""

    def __init__(self, *given: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Reader(pickle._Unpickler):  # type: ignore[name-defined,misc]  # the one in Python, whose steps can be looked at
    """Reads arrays where they stand in the file, after the note that describes them."""

    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)  # type: ignore[attr-defined]

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.file = file

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy", "dtype"):
            return np.dtype
        return _made if name == "newObj" else _Inert

    def load_build(self) -> None:
        super().load_build()
        note = getattr(self.stack[-1], "state", None)
        if isinstance(note, dict) and "dtype" in note:
            if note.get("numpy_array_alignment_bytes") is not None:
                self.file.read(self.file.read(1)[0])
            shape, kind = note["shape"], note["dtype"]
            data = self.file.read(int(np.prod(shape)) * kind.itemsize)
            self.stack[-1] = np.frombuffer(data, dtype=kind).reshape(shape)

    dispatch[pickle.BUILD[0]] = load_build


def _made(*_: Any) -> _Inert:
    return _Inert()


def main(wheel: str, sdist: str) -> None:
    """Writes words.txt and vectors.npy."""
    with zipfile.ZipFile(wheel) as archive, archive.open(_TREE) as file:
        tree = _Reader(file).load()
    found, places = tree["model"].state[0], {word: at for at, word in enumerate(tree["words"])}
    with tarfile.open(sdist) as archive:
        counted = archive.extractfile(_COUNTS)
        rows = [line.split() for line in counted.read().decode().splitlines()] if counted else []
    counts = {row[0]: int(row[1]) for row in rows}
    known = (word for word in places if _WORD.fullmatch(word) and word in counts)
    words = sorted(known, key=lambda word: (-counts[word], word))[:_MOST]
    table = found[[places[word] for word in words], :_WIDTH].astype("f4").astype("f8")
    table -= table.mean(0)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    np.save(_TO / "vectors.npy", np.round(table * _LENGTH).clip(-127, 127).astype("i1"))
    (_TO / "words.txt").write_text("".join(f"{word}\n" for word in words), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
