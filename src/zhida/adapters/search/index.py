"""The index of one host: made whole from all documents in a folder of its own, swapped in, searched."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import tantivy

from zhida.adapters.search import asking
from zhida.adapters.search.finding import Search
from zhida.adapters.search.folders import current, current_name, put_in_force, sole_writer
from zhida.adapters.search.index_shape import FORMAT, row_of, schema
from zhida.adapters.search.words import word_list
from zhida.domain.values import new_id
from zhida.kernel.search.ports import DocumentSource
from zhida.kernel.search.records import Document, Hits, Way

_HEAP_BYTES = 64_000_000


@dataclass(frozen=True)
class FolderIndex:
    """An index in a folder, which is made with the first build."""

    folder: Path

    def build(self) -> str:
        """The folder of the build in force."""
        return current_name(self.folder)

    def rebuild(self, *, source: DocumentSource, as_of: datetime) -> int:
        """Makes the index from all documents; how many it holds, 0 where it was made from the same edition.

        What it is made from counts the index's format, tantivy's version and the list of words, too.
        """
        with sole_writer(self.folder):
            edition = _edition(source.edition(as_of))
            known = current(self.folder)
            if known is not None and known.edition == edition:
                return 0
            build = self.folder / new_id("index")
            build.mkdir()
            count = _write(build, source.documents(as_of))
            (build / "edition").write_text(edition, "utf-8")
            put_in_force(build)
        return count

    def search(
        self, text: str, *, as_of: datetime, facets: Mapping[str, Collection[str]], limit: int, offset: int
    ) -> Hits:
        """Every word exactly, else most words with slips forgiven, else titles alike: the first that finds any."""
        index = current(self.folder)
        if index is None:
            return Hits()
        question = asking.understand(text)
        search = Search(index, facets, as_of, limit, offset)
        if not question.words and not question.numbers:
            return Hits() if text.strip() else search.page(tantivy.Query.all_query(), question, Way.EXACT)
        for way, ask in ((Way.EXACT, asking.exact), (Way.LOOSE, asking.loose), (Way.LOOSE, asking.loosest)):
            found = search.page(ask(question, index.searcher), question, way)
            if found.total:
                return found
        return search.page(search.likest(question), question, Way.SIMILAR)


def _edition(of_source: str) -> str:
    parts = (FORMAT, version("tantivy"), hashlib.sha256(word_list()).hexdigest(), of_source)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _write(build: Path, documents: Iterable[Document]) -> int:
    writer = tantivy.Index(schema(), path=str(build)).writer(_HEAP_BYTES, 1)
    count = 0
    for document in documents:
        writer.add_document(row_of(document))
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    return count
