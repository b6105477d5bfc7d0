"""What is kept of what people hand in: the same picture the same way up, again and again the same."""

from __future__ import annotations

import pytest

from tests.hostile.files import GPS, exif, jpeg, packed_objects, pdf, png, segment, zipped
from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.uploads import check_table, made_safe, picture_type, plain_name

SOUND = {
    "pdf": pdf(),
    "jpg": jpeg(),
    "png": png(),
    "xlsx": zipped({"xl/workbook.xml": b"<a/>"}),
    "ofd": zipped({"OFD.xml": b"<a/>"}),
}


@pytest.mark.parametrize("ending", SOUND)
def test_what_is_sound_is_kept_to_the_byte_and_stays_so(ending: str) -> None:
    media_type, body = made_safe(ending, SOUND[ending])
    assert body == SOUND[ending]
    assert made_safe(ending, body) == (media_type, body)


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("order", ["big", "little"])
def test_a_photograph_stays_the_same_way_up(turned: int, order: str) -> None:
    notes = exif(turned)
    if order == "little":
        tiff = b"II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + bytes((turned, 0, 0, 0))
        notes = b"Exif\x00\x00" + tiff + GPS
    _, body = made_safe("jpg", jpeg(segment(0xE1, notes)))
    assert GPS not in body
    assert (b"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + bytes((turned,)) in body) is (turned != 1)
    assert made_safe("jpg", body)[1] == body


def test_a_photograph_keeps_its_colours() -> None:
    colours = segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + b"\x00" * 40)
    assert colours in made_safe("jpg", jpeg(colours))[1]


def test_objects_that_are_packed_and_harmless_are_kept() -> None:
    body = pdf(b"", packed_objects(b"4 0 << /Type /Font >>"))
    assert made_safe("pdf", body)[1] == body


def test_a_refusal_is_said_in_both_languages() -> None:
    with pytest.raises(ApplicantError) as refused:
        made_safe("pdf", b"MZ")
    assert refused.value.code == "paper_not_its_kind"
    assert "pdf" in refused.value.zh
    assert "pdf" in refused.value.en


def test_a_register_is_read_where_it_is_sound() -> None:
    check_table("a.xlsx", SOUND["xlsx"])
    with pytest.raises(ConflictError) as refused:
        check_table("a.xlsx", b"PK")
    assert refused.value.code == "broken_table"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/a.pdf", "a.pdf"),
        ("C:\\x\\a.pdf", "a.pdf"),
        ("b\u202e\x00.pdf", "b.pdf"),
        ("\u202e", "file"),
        ("IMG_1.JPEG", "IMG_1.jpg"),
        ("jpeg", "jpeg"),
    ],
)
def test_a_name_is_kept_without_tricks(name: str, kept: str) -> None:
    assert plain_name(name) == kept


def test_a_picture_is_told_by_its_beginning() -> None:
    assert [picture_type(body) for body in (SOUND["jpg"], SOUND["png"], SOUND["pdf"], b"")] == [
        "image/jpeg", "image/png", "", "",
    ]  # fmt: skip
