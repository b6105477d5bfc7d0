"""A receipt's code on paper: the very text it is written as, and everything that is no such text."""

from __future__ import annotations

import zlib
from random import Random

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs.paper import PREFIX, code_of, receipt_of

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
RECEIPT = '{"fact":"某某有限公司","fen":5688750}'.encode() * 3


def base45(data: bytes) -> str:
    """RFC 9285 section 4, word for word: n = c + d * 45 (+ e * 45 * 45)."""
    text = ""
    for first, second in zip(data[::2], data[1::2], strict=False):
        rest, c = divmod(first * 256 + second, 45)
        e, d = divmod(rest, 45)
        text += SIGNS[c] + SIGNS[d] + SIGNS[e]
    d, c = divmod(data[-1], 45) if len(data) % 2 else (0, 0)
    return text + (SIGNS[c] + SIGNS[d] if len(data) % 2 else "")


def code_with(packed: bytes) -> str:
    return PREFIX + base45(packed)


def test_base45_here_is_that_of_the_standard() -> None:
    assert [base45(each) for each in (b"AB", b"Hello!!", b"base-45")] == ["BB8", "%69 VD92EX0", "UJCLQE7W581"]


def test_the_text_is_base45_of_the_file_packed_as_small_as_zlib_can() -> None:
    drawn = Random(45)
    files = [drawn.randbytes(length) for length in range(40)] + [RECEIPT, bytes(range(256)) * 40]
    for file in files:
        assert code_of(file) == f"ZHIDA1:{base45(zlib.compress(file, 9))}"
        assert receipt_of(code_of(file)) == file
    assert {len(code_of(file)) % 3 for file in files} == {0, 1}  # both ways for the last byte to stand


def test_no_text_ends_in_a_space_which_a_scanner_might_drop() -> None:
    space = SIGNS.index(" ")
    assert SIGNS.index(base45(b"\xff\xff")[-1]) < space  # the last sign counts 2025s of 65,535 at most
    assert SIGNS.index(base45(b"\xff")[-1]) < space


def test_newlines_around_a_scanned_text_do_no_harm() -> None:
    assert receipt_of(f"\r\n{code_of(RECEIPT)}\r\n") == RECEIPT


def test_a_file_has_one_mebibyte_at_most() -> None:
    assert receipt_of(code_of(bytes(1 << 20))) == bytes(1 << 20)
    for length in ((1 << 20) + 1, 1 << 22):
        with pytest.raises(InvariantBroken, match="malformed_code"):
            receipt_of(code_of(bytes(length)))


PACKED = zlib.compress(RECEIPT, 9)
WHOLE = code_with(PACKED)
EVEN = next(code for code in (code_of(RECEIPT + bytes(more)) for more in range(50)) if len(code) % 3 == len(PREFIX) % 3)


@pytest.mark.parametrize(
    "code",
    [
        "",
        PREFIX,
        WHOLE[len(PREFIX) :],
        WHOLE.replace("ZHIDA1:", "ZHIDA2:"),
        WHOLE.lower(),
        f" {WHOLE}",
        f"{WHOLE}0",
        f"{EVEN}0",
        f"{EVEN}00",
        f"{WHOLE}A",
        f"{WHOLE}é",
        f"{PREFIX}:::",
        f"{PREFIX}GGW",
        f"{PREFIX}::",
        f"{PREFIX}abc",
        code_with(PACKED[:-1]),
        code_with(PACKED[:-4]),
        code_with(PACKED[:10]),
        code_with(PACKED[:-1] + bytes([PACKED[-1] ^ 1])),
        code_with(PACKED + b"\x00"),
        code_with(PACKED + PACKED),
        code_with(RECEIPT),
    ],
)
def test_what_carries_no_receipt_is_refused(code: str) -> None:
    with pytest.raises(InvariantBroken, match="malformed_code"):
        receipt_of(code)
