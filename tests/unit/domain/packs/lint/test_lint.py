"""Each check of lint, on the small pack with one thing changed; the sound pack itself gives nothing to tell."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of
from zhida.domain.packs.lint import CHECKS, Finding, hint_of, lint

ON = date(2026, 6, 1)


def found(path: str, old: str, new: str) -> list[Finding]:
    return [*lint(root_of(edited(path, old, new)), on=ON).findings]


def test_the_small_pack_gives_nothing_to_tell() -> None:
    report = lint(root_of(files_with()), [PACK], on=ON)
    assert (report.findings, report.has_solver, report.unsure) == ((), True, 0)


def test_every_check_says_who_can_mend_it() -> None:
    assert all(hint_of(code, "en").count(": ") >= 1 and "：" in hint_of(code, "zh") for code in CHECKS)
