"""What a published revision was read to, as bytes that a machine keeps beside its database and takes up again.

Reading a pack takes tens of milliseconds, nearly all for YAML and expressions; taking up what it came to takes one or
two. Code trees, the same for hundreds of packs, are kept once each and shared. The bytes are those of pickle: whoever
keeps them sees to it that nobody else can write them, and that another release does not take them up.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from functools import lru_cache
from typing import Any, Protocol

from zhida.domain.packs.root import Root
from zhida.domain.values import CodeTree

_TREE = "tree-"


class Keeping(Protocol):
    """Where bytes are kept by name: what cannot be kept or is not there costs time and nothing else."""

    def find(self, name: str) -> bytes | None:
        """What is kept under a name, whole; None where nothing is."""
        ...

    def keep(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name."""
        ...


def find(name: str, keeping: Keeping) -> Root | None:
    """The root kept under a name; None where it is not, or is not whole."""
    data = keeping.find(name)
    if data is None:
        return None
    try:
        found: Root = _Reader(io.BytesIO(data), keeping).load()
    except (pickle.UnpicklingError, EOFError):
        return None
    return found


def keep(name: str, root: Root, keeping: Keeping) -> None:
    """Keeps a root that nothing was asked of yet; before it the code trees that it looks at."""
    written = io.BytesIO()
    _Writer(written, keeping).dump(root)
    keeping.keep(name, written.getvalue())


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, keeping: Keeping) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.keeping = keeping

    def persistent_id(self, obj: Any) -> str | None:
        """A code tree stands in the bytes by its name alone."""
        return _kept_tree(obj, self.keeping) if isinstance(obj, CodeTree) else None


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, keeping: Keeping) -> None:
        super().__init__(file)
        self.keeping = keeping

    def persistent_load(self, pid: str) -> CodeTree:
        """The code tree of a name, one object a process. Raises UnpicklingError where it is gone."""
        return _tree(pid, self.keeping)


def _kept_tree(tree: CodeTree, keeping: Keeping) -> str:
    held = [tree.name, dict(tree.parents), dict(tree.names), dict(tree.english)]
    data = json.dumps(held, ensure_ascii=False).encode()
    name = _TREE + hashlib.sha256(data).hexdigest()[:40]
    if keeping.find(name) is None:
        keeping.keep(name, data)
    return name


@lru_cache(maxsize=256)
def _tree(name: str, keeping: Keeping) -> CodeTree:
    data = keeping.find(name)
    if data is None:
        raise pickle.UnpicklingError(name)
    return CodeTree(*json.loads(data))
