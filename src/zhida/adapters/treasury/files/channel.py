"""A bank that is reached by files: each batch leaves once, each answer is taken once, whatever is cut off."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from zhida.adapters.treasury.files.digests import digest_of_message, digest_of_order, digest_of_orders
from zhida.adapters.treasury.files.register import FileRegister
from zhida.adapters.treasury.messages import (
    Unreadable,
    news_of,
    notification_of,
    payment_message,
    recall_message,
    report_of,
    resolution_of,
    statement_of,
)
from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.domain.postings import RecallAnswer, RecallRequest, StatementLine, Word
from zhida.domain.values import local_date
from zhida.kernel.funds.ports import Answer, Payee, PaymentOrder

_ID_LENGTH = 32
_PART = ".part"


class FileTreasury:
    """A TreasuryPort over one folder. An order is written once for ever, by its reference; asking reads what came in.

    `deduplicates` is what the bank contracts to do, as its configuration says. Where it does not, a reference that no
    file of ours holds is still never written by a second try, just as over HTTP.
    """

    def __init__(
        self,
        folder: Path,
        *,
        debtor: Payee,
        deduplicates: bool,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.deduplicates = deduplicates
        self._folder, self._debtor, self._clock = folder, debtor, clock
        for name in ("out", "in", "taken", "refused"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._register = FileRegister(folder / "register.sqlite3")

    def close(self) -> None:
        """Lets go of the register."""
        self._register.close()

    def instruct(self, orders: Sequence[PaymentOrder]) -> tuple[Answer, ...]:
        """Writes what was never written into one file; every order is answered as it stands by the files so far.

        Raises FinalOutside `reference_reused` where a reference was written before with another payee, amount or day,
        RetryableOutside `not_sent` where the folder cannot be written.
        """
        digests = {order.reference: digest_of_order(order) for order in orders}
        try:
            with self._register.writing():
                self._finish()
                before = self._register.digests_of(digests)
                self._refuse_reuse(before, digests)
                fresh = [order for order in orders if order.reference not in before]
                path = self._prepare(fresh, digests) if fresh else None
            if path is not None:
                _publish(path)
        except OSError as error:
            raise RetryableOutside("not_sent", f"the folder of payment files cannot be written: {error}") from error
        return self.ask(digests)

    def _refuse_reuse(self, before: dict[str, str], digests: dict[str, str]) -> None:
        for reference, digest in before.items():
            if digests[reference] != digest:
                words = f"{reference} was written before as another payment"
                raise FinalOutside("reference_reused", words, "finance officer: compare both files first")

    def _prepare(self, orders: list[PaymentOrder], digests: dict[str, str]) -> Path:
        """The file beside its final name, whole and on the disk, and noted: only its name is wanting."""
        digest, made_at = digest_of_orders(orders), self._clock()
        number = digest[:_ID_LENGTH]
        path = self._folder / "out" / f"pain001-{local_date(made_at):%Y%m%d}-{number}.xml"
        _write_part(path, payment_message(orders, debtor=self._debtor, made_at=made_at, message_id=number))
        self._register.note_written(
            path.name, {order.reference: (digests[order.reference], order.amount_fen) for order in orders}
        )
        return path

    def _finish(self) -> None:
        """Gives their names to files that were noted before a crash; removes those that were not, which nobody saw."""
        for part in (self._folder / "out").glob(f"*{_PART}"):
            path = part.with_name(part.name.removesuffix(_PART))
            if self._register.is_written(path.name):
                _publish(path)
            else:
                part.unlink()

    def ask(self, references: Collection[str]) -> tuple[Answer, ...]:
        """What the files taken so far say of each reference; ABSENT for one that we never wrote."""
        self._take_all()
        found = [(reference, self._register.word_on(reference)) for reference in references]
        return tuple(answer or Answer(reference, Word.ABSENT) for reference, answer in found)

    def recall(self, requests: Sequence[RecallRequest]) -> tuple[RecallAnswer, ...]:
        """Writes each recall that was never written into a file of its own; each is answered as it stands.

        Raises RetryableOutside `not_sent` where the folder cannot be written.
        """
        try:
            for request in requests:
                path = self._folder / "out" / f"camt056-{request.recall_id}.xml"
                with self._register.writing():
                    self._finish()
                    is_new = self._register.note_recall(request.recall_id, path.name)
                    if is_new:
                        sender = self._debtor.name
                        _write_part(path, recall_message([request], sender=sender, message_id=request.recall_id))
                if is_new:
                    _publish(path)
        except OSError as error:
            raise RetryableOutside("not_sent", f"the folder of payment files cannot be written: {error}") from error
        return self.ask_recalls([request.recall_id for request in requests])

    def ask_recalls(self, recall_ids: Collection[str]) -> tuple[RecallAnswer, ...]:
        """What the files taken so far say of each recall; one that we never wrote is left out."""
        self._take_all()
        found = [self._register.word_on_recall(recall_id) for recall_id in recall_ids]
        return tuple(answer for answer in found if answer is not None)

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """The movements of the latest statement file of a day. Raises RetryableOutside where none has come."""
        self._take_all()
        digest = self._register.statement_of(day)
        if digest is None:
            raise RetryableOutside("no_statement", f"no statement of {day} has come", "ask the bank for its file")
        return statement_of((self._folder / "taken" / f"{digest}.xml").read_bytes()).lines

    def _take_all(self) -> None:
        for path in sorted((self._folder / "in").iterdir()):
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".") and path.suffix != _PART:
                self._take(path)
        with self._register.writing():
            self._finish()

    def _take(self, path: Path) -> None:
        try:
            message = path.read_bytes()
        except FileNotFoundError:
            return  # another process has taken it meanwhile
        try:
            digest = digest_of_message(message)
            resolved = resolution_of(message) if b"camt.029." in message[:1000] else ()
            answers, day = self._read(message) if not resolved else ((), None)
        except Unreadable as error:
            (self._folder / "refused" / f"{path.name}.txt").write_text(f"{error}\n", "utf-8")
            _move(path, self._folder / "refused" / path.name)
            return
        with self._register.writing():
            if self._register.note_taken(digest, path.name):
                self._register.note_news(answers)
                self._register.note_recall_news(resolved)
            if day is not None:
                self._register.note_statement(digest, day)
        # Named after it is noted: cut off between the two, the next look finds it noted and only moves it.
        _move(path, self._folder / "taken" / f"{digest}.xml")

    def _read(self, message: bytes) -> tuple[tuple[Answer, ...], date | None]:
        if b"camt.053." in message[:1000]:
            return (), statement_of(message).day
        if b"camt.054." in message[:1000]:
            return news_of(notification_of(message)), None
        report = report_of(message)
        if not report.is_refused:
            return report.answers, None
        orders = self._register.orders_of(report.original_message_id)
        told = {answer.reference for answer in report.answers}
        refused = [
            Answer(reference, Word.REFUSED, amount_fen, reason=report.reason or "file_refused")
            for reference, amount_fen in orders.items()
            if reference not in told
        ]
        return (*report.answers, *refused), None


def _write_part(path: Path, message: bytes) -> None:
    """The file beside its final name, whole and on the disk."""
    with path.with_name(path.name + _PART).open("wb") as file:
        file.write(message)
        file.flush()
        os.fsync(file.fileno())


def _publish(path: Path) -> None:
    _move(path.with_name(path.name + _PART), path)


def _move(source: Path, target: Path) -> None:
    """Renames in one step and waits until the folder holds it; a source that is gone was moved by somebody else."""
    try:
        source.replace(target)
    except FileNotFoundError:
        return
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
