"""Roots as bytes and back: what a published revision was read to, kept on this machine and taken up again.

Reading a pack takes tens of milliseconds, nearly all for YAML and expressions; taking up what it came to takes three.
Code trees, the same for hundreds of packs, are kept once each and shared.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from functools import lru_cache
from typing import Any

from zhida.adapters.packs.folder import FormFolder
from zhida.domain.packs import Root
from zhida.domain.values import CodeTree

_TREE = "tree-"


class KeptForms:
    """Roots by name (a `Keeping`), in a folder of bytes. What is not there or not whole is read anew."""

    def __init__(self, folder: FormFolder) -> None:
        self.folder = folder

    def find(self, name: str) -> Root | None:
        """The root kept under a name; None where it is not, or is not whole."""
        data = self.folder.find(name)
        if data is None:
            return None
        try:
            found: Root = _Reader(data, self.folder).load()
        except (pickle.UnpicklingError, EOFError):
            return None
        return found

    def keep(self, name: str, root: Root) -> None:
        """Keeps a root that nothing was asked of yet; before it the code trees that it looks at."""
        written = io.BytesIO()
        _Writer(written, self.folder).dump(root)
        self.folder.keep(name, written.getvalue())


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, folder: FormFolder) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.folder = folder

    def persistent_id(self, obj: Any) -> str | None:
        """A code tree stands in the bytes by its name alone."""
        return _kept_tree(obj, self.folder) if isinstance(obj, CodeTree) else None


class _Reader(pickle.Unpickler):
    def __init__(self, data: bytes, folder: FormFolder) -> None:
        super().__init__(io.BytesIO(data))
        self.folder = folder

    def persistent_load(self, pid: str) -> CodeTree:
        """The code tree of a name, one object a process. Raises UnpicklingError where it is gone."""
        return _tree(pid, self.folder)


def _kept_tree(tree: CodeTree, folder: FormFolder) -> str:
    held = [tree.name, dict(tree.parents), dict(tree.names), dict(tree.english)]
    data = json.dumps(held, ensure_ascii=False).encode()
    name = _TREE + hashlib.sha256(data).hexdigest()[:40]
    if folder.find(name) is None:
        folder.keep(name, data)
    return name


@lru_cache(maxsize=256)
def _tree(name: str, folder: FormFolder) -> CodeTree:
    data = folder.find(name)
    if data is None:
        raise pickle.UnpicklingError(name)
    return CodeTree(*json.loads(data))
