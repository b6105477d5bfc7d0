"""A receipt on paper is checked with a bare Python in an empty folder: by the code that a scanner reads, by the PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import segno

from tests.conformance.test_second_verifier import FILE, RECEIPTS, second, verdict
from tests.unit.domain.proofs.test_receipt import AT, issued_for
from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Entry
from zhida.domain.proofs.paper import PREFIX, code_of, receipt_of
from zhida.services.papers.receipt import receipt_pdf

PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin") or shutil.which("python3")


def run_bare(folder: Path, name: str, *options: str) -> subprocess.CompletedProcess:
    """The second verifier in a folder that holds it and the one file, with no environment at all."""
    shutil.copy(FILE, folder / FILE.name)
    command = [str(PYTHON), "-I", "-S", FILE.name, name, *options]
    environment = {"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", RECEIPTS)
def test_the_code_and_the_pdf_carry_the_very_file(name: str) -> None:
    data = RECEIPTS[name].serialise()
    code, pdf = code_of(data), receipt_pdf(data)
    assert receipt_of(code) == receipt_of(code + "\r\n") == second.carried(code.encode()) == data
    assert second.carried(pdf) == data
    assert verdict(code.encode()) == verdict(pdf) == verdict(data) == "key_not_compared"
    assert segno.make(code, error="l", micro=False).mode == "alphanumeric"


def test_a_bare_python_in_an_empty_folder_checks_paper_and_pdf(tmp_path: Path) -> None:
    receipt = RECEIPTS["cosigned"]
    data, options = receipt.serialise(), ["--key", str(receipt.key), "--witness", str(receipt.witnesses[0])]
    (tmp_path / "code.txt").write_text(code_of(data) + "\n", "ascii")
    (tmp_path / "receipt.pdf").write_bytes(receipt_pdf(data))
    for name in ("code.txt", "receipt.pdf"):
        done = run_bare(tmp_path, name, *options)
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, "✓ proven"), done.stderr
        assert "amount_fen: 5688750" in done.stdout
    forged = receipt_pdf(data).replace(b"5688750", b"5688751")
    (tmp_path / "receipt.pdf").write_bytes(forged)
    assert run_bare(tmp_path, "receipt.pdf", *options).stdout == "✗ not_included\n"


@pytest.mark.parametrize(
    "code",
    ["", PREFIX, PREFIX + "A", PREFIX + ":::", PREFIX + "abc", PREFIX + "00", "ZHIDA2:00", PREFIX + "FGW", "é", "{}"],
)
def test_codes_that_carry_nothing_are_refused_by_both(code: str) -> None:
    with pytest.raises(InvariantBroken, match="malformed_code"):
        receipt_of(code)
    assert verdict(code.encode()) in {"malformed", "altered_form"}


def test_a_code_that_is_cut_off_or_too_long_is_refused() -> None:
    code = code_of(RECEIPTS["Ed25519"].serialise())
    with pytest.raises(InvariantBroken, match="malformed_code"):
        receipt_of(code[:-30])
    assert verdict(code[:-30].encode()) in {"malformed", "altered_form"}
    with pytest.raises(InvariantBroken, match="malformed_code"):
        receipt_of(code_of(b" " * (1 << 21)))
    assert verdict(code_of(b" " * (1 << 21)).encode()) in {"malformed", "altered_form"}


def test_base45_is_that_of_the_standard() -> None:
    """RFC 9285 section 4.3."""
    from zhida.domain.proofs.paper import _base45, _from_base45

    for plain, text in (
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
    ):
        assert (_base45(plain), _from_base45(text)) == (text, plain)
    for wrong in ("GGW", ":::"):
        with pytest.raises(OverflowError):
            _from_base45(wrong)


def test_a_pdf_is_whole_and_says_what_the_receipt_says() -> None:
    data = RECEIPTS["cosigned"].serialise()
    pdf = receipt_pdf(data)
    assert pdf == receipt_pdf(data)
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", pdf)[1])
    assert pdf[start : start + 4] == b"xref"
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", pdf[start:])]
    assert [pdf[place : place + len(b"1 0 obj")] for place in places[:9]] == [b"%d 0 obj" % n for n in range(1, 10)]
    text = b"".join(bytes.fromhex(found.decode()) for found in re.findall(rb"<([0-9a-f]+)> Tj", pdf)).decode(
        "utf-16-be"
    )
    for words in ("amount_fen: 5688750", "存证日志", "cosigned", str(RECEIPTS["cosigned"].key)[:40]):
        assert words in text


def test_what_is_drawn_is_the_code() -> None:
    data = RECEIPTS["cosigned"].serialise()
    rows = list(segno.make(code_of(data), error="l", micro=False).matrix_iter(border=4))
    runs = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", receipt_pdf(data))
    corners = [tuple(map(float, run)) for run in runs]
    side = corners[0][3]
    left, top = min(run[0] for run in corners) - 4 * side, max(run[1] for run in corners) + 5 * side
    drawn = {
        (round((top - below) / side) - 1, round((at - left) / side) + step)
        for at, below, width, _ in corners
        for step in range(round(width / side))
    }
    assert drawn == {(row, column) for row, line in enumerate(rows) for column, dark in enumerate(line) if dark}


def test_a_receipt_too_long_for_paper_says_so_and_is_attached() -> None:
    import random

    noise = random.Random(1).randbytes(6000).hex()
    entry = Entry("entry_01", "case.decided", "case_01", AT, {"noise": noise})
    data = issued_for(entry, {"noise": bytes(16)}, "noise").serialise()
    pdf = receipt_pdf(data)
    assert second.carried(pdf) == data
    assert "放不进一个码".encode("utf-16-be").hex().encode() in pdf
    assert "其余见证明文件".encode("utf-16-be").hex().encode() in pdf
