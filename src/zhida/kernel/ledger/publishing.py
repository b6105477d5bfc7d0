"""Writing the log to files (c2sp.org/tlog-tiles) up to its newest head; they must give its root before any is written.

Runs outside transactions; wherever it was cut off, running it again writes the same bytes.
"""

from __future__ import annotations

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint as Head
from zhida.domain.proofs import Frontier, Note, leaf_hash, verify_checkpoint
from zhida.domain.proofs.rows import leaf_text
from zhida.domain.proofs.tiles import CHECKPOINT, WIDTH, bundle_of, bundle_path, new_tiles, node_reader
from zhida.kernel.ledger.bulk import nodes_between, rows_between
from zhida.kernel.ledger.ports import TilePort, log_key, tiles
from zhida.kernel.ledger.queries import newest_checkpoint

_PORTION = WIDTH * 64


def publish() -> int:
    """Brings the files up to the newest head, and says how many entries came. Cosignatures that came later are added.

    Raises InvariantBroken where the database has fewer entries than the files (`log_rolled_back`: a backup was
    restored, or the tail was cut) or where its rows no longer give the head that was signed (`log_does_not_fit`); then
    nothing was written, and `zhida ledger verify` says what is broken.
    """
    note, store = newest_checkpoint(), tiles()
    if note is None:
        return 0
    head, size = Head.parse(Note.parse(note).text), _size_of(store)
    if size > head.size:
        raise InvariantBroken("log_rolled_back", f"the log's files hold {size} entries, the database {head.size}")
    if size < head.size:
        _check(store, size, head)
        for first in range(size, head.size, _PORTION):
            _write(store, first, min(first + _PORTION, head.size))
    if store.read(CHECKPOINT) != note.encode():
        store.replace(CHECKPOINT, note.encode())
    return head.size - size


def _size_of(store: TilePort) -> int:
    data = store.read(CHECKPOINT)
    return verify_checkpoint(data.decode(), log_key().verifiers()).size if data is not None else 0


def _check(store: TilePort, size: int, head: Head) -> None:
    """That what is on file and what is to come give the signed root together."""
    frontier = Frontier.read(size, node_reader(store.read, size))
    for first in range(size, head.size, _PORTION):
        frontier = frontier.extend(leaf_hash(entry) for entry in _entries(first, min(first + _PORTION, head.size)))
    if frontier.root != head.root:
        raise InvariantBroken("log_does_not_fit", f"the rows up to {head.size} do not give the root that was signed")


def _write(store: TilePort, first: int, until: int) -> None:
    begin = first // WIDTH * WIDTH
    entries = _entries(begin, until)
    for at in range(begin, until, WIDTH):
        held = entries[at - begin : at - begin + WIDTH]
        store.write(bundle_path(at // WIDTH, len(held)), bundle_of(held))
    hashes = b"".join(leaf_hash(entry) for entry in entries[first - begin :])
    for path, data in new_tiles(store.read, first, hashes):
        store.write(path, data)


def _entries(first: int, until: int) -> list[bytes]:
    """The leaves' inputs as the rows give them. Raises InvariantBroken where one does not give its stored hash."""
    stored, entries = nodes_between(2 * first, 2 * until), []
    for at, row in enumerate(rows_between(first, until), first):
        text = leaf_text(row)
        if row.position != at or text is None or leaf_hash(text) != stored.get(2 * at):
            raise InvariantBroken("log_does_not_fit", f"the row at {at} does not give its leaf's hash")
        entries.append(text)
    if len(entries) != until - first:
        raise InvariantBroken("log_does_not_fit", f"rows are missing between {first} and {until}")
    return entries
