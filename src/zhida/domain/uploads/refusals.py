"""Why a file is not taken: each in words that whoever hands it in can act on."""

from __future__ import annotations

from zhida.domain.errors import ApplicantError

MOST_PIXELS = 120_000_000
"""The largest picture that is taken; the best telephones make 108 million."""


def not_its_kind(ending: str) -> ApplicantError:
    """It begins as another kind of file does, or is two kinds at once."""
    zh = f"这个文件的内容不是 {ending}，请换一个"
    return ApplicantError("paper_not_its_kind", field="file", zh=zh, en=f"this file is no {ending}: hand in another")


def damaged() -> ApplicantError:
    """It ends too early, or its parts do not fit together."""
    zh, en = "这个文件不完整或已损坏，请重新拍照、扫描或导出", "this file is cut off or damaged: make it anew"
    return ApplicantError("paper_damaged", field="file", zh=zh, en=en)


def locked() -> ApplicantError:
    """It is encrypted, so nobody can tell what is in it."""
    zh = "这个文件有密码保护，请去掉密码，或打印成新的 PDF 再交"
    en = "this file is locked: take the password away, or print it to a new PDF"
    return ApplicantError("paper_locked", field="file", zh=zh, en=en)


def active() -> ApplicantError:
    """It would run something where it is opened, or carries a file that could."""
    zh = "这个文件里有脚本、自动打开的程序或夹带的文件，请打印成新的 PDF 再交"
    en = "this file carries a script, a program or another file: print it to a new PDF and hand that in"
    return ApplicantError("paper_active", field="file", zh=zh, en=en)


def too_many_pixels() -> ApplicantError:
    """It is small as a file and endless once it is opened."""
    zh, en = "这张图片的尺寸太大，请缩小后再交", "this picture has too many pixels: make it smaller"
    return ApplicantError("picture_too_large", field="file", zh=zh, en=en)
