"""A proxy between our client and the treasury that does one of twelve wrongs to every exchange, until told to stop."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit


class Wrong(StrEnum):
    """What is done to an exchange; those in REACHED let the treasury act on the request first."""

    NONE = "none"
    REFUSE = "refuse"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    STALL = "stall"
    CUT = "cut"
    ERROR_AFTER = "error_after"
    WRONG_REFERENCE = "wrong_reference"
    WRONG_AMOUNT = "wrong_amount"
    REDIRECT = "redirect"
    GARBAGE = "garbage"
    DRIP = "drip"
    TOO_MANY = "too_many"


REACHED = frozenset(Wrong) - {Wrong.REFUSE, Wrong.RESET_BEFORE, Wrong.TOO_MANY}
_DRIP_S = 0.1


class FaultProxy:
    """Listens on a free loopback port while it is entered; `wrong` may be changed at any time."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname, parts.port)
        self.wrong = Wrong.NONE
        self.passed = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[Any]] = set()

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self._server = self._await(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._await(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _await(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _end(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._exchange(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection carries one exchange, so that each begins anew."""
        wrong = self.wrong
        if wrong is Wrong.REFUSE:
            _reset(writer)
            return
        head, body = await _message(reader)
        if wrong is Wrong.RESET_BEFORE:
            _reset(writer)
        elif wrong is Wrong.TOO_MANY:
            writer.write(_reply("429 Too Many Requests", b"", "Retry-After: 60"))
        else:
            reply_head, reply = await self._ask(head, body)
            self.passed += 1
            await _answer(wrong, writer, reply_head, reply)
            await writer.drain()

    async def _ask(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        reader, writer = await asyncio.open_connection(*self._upstream)
        writer.write(head + body)
        found = await _message(reader)
        writer.close()
        return found


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head, await reader.readexactly(length)


async def _answer(wrong: Wrong, writer: asyncio.StreamWriter, head: bytes, reply: bytes) -> None:
    match wrong:
        case Wrong.RESET_AFTER:
            _reset(writer)
        case Wrong.STALL:
            await asyncio.sleep(60)
        case Wrong.CUT:
            writer.write(head + reply[: len(reply) // 2])
        case Wrong.ERROR_AFTER:
            writer.write(_reply("500 Internal Server Error", b"{}"))
        case Wrong.REDIRECT:
            writer.write(_reply("302 Found", b"", "Location: http://127.0.0.1:9/"))
        case Wrong.GARBAGE:
            writer.write(_reply("200 OK", b"\xff\x00{" + reply[::-1]))
        case Wrong.DRIP:
            writer.write(head)
            for number in range(len(reply)):
                writer.write(reply[number : number + 1])
                await writer.drain()
                await asyncio.sleep(_DRIP_S)
        case Wrong.WRONG_REFERENCE | Wrong.WRONG_AMOUNT:
            writer.write(_reply("200 OK", _bent(wrong, reply)))
        case _:
            writer.write(head + reply)


def _bent(wrong: Wrong, reply: bytes) -> bytes:
    """The same reply of another payment, or of another amount; a reply that names neither is left as it is."""
    with suppress(ValueError, KeyError, TypeError):
        told = json.loads(reply)
        for answer in told["answers"]:
            if wrong is Wrong.WRONG_REFERENCE:
                answer["reference"] = answer["reference"][::-1]
            else:
                answer["amount_fen"] += 1
        return json.dumps(told).encode()
    old, new = (b"<EndToEndId>", b"<EndToEndId>X") if wrong is Wrong.WRONG_REFERENCE else (b">1.00<", b">1.01<")
    return reply.replace(old, new)


def _reply(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def _reset(writer: asyncio.StreamWriter) -> None:
    """A TCP reset instead of an orderly end."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
