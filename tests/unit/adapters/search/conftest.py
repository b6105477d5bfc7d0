"""A handful of made-up documents and an index of them in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from zhida.adapters.search import FolderIndex
from zhida.domain.values import Span
from zhida.kernel.search.records import Document, Hits

REFUND = Document(
    id="a/refund",
    kind="policy",
    title="失业保险稳岗返还",
    title_en="Job-retention refund",
    number="甲人社规〔2026〕8号",
    body="不裁员的单位可以拿回去年缴纳的一部分失业保险费。依据乙财发〔2025〕31号办理。",
    body_en="Employers that keep their staff get a share of last year's contributions back.",
    names=("甲省人力资源和社会保障厅",),
    facets={"audience": ("organisation",), "region": ("990000",)},
    boost=2,
)
CLAUSE = Document(
    id="a/refund#a3",
    kind="clause",
    parent="a/refund",
    title="第三条",
    number="甲人社规〔2026〕8号",
    body="上年度裁员率不高于控制目标的单位，可以申请稳岗返还。",
    names=("失业保险稳岗返还",),
    facets={"audience": ("organisation",), "region": ("990000",)},
)
OLD_AGE = Document(
    id="a/old-age",
    kind="policy",
    title="高龄津贴",
    title_en="Old-age allowance",
    number="甲民规〔2026〕18号",
    body="年满80岁的老人每月都有一笔津贴，不用申请。",
    facets={"audience": ("person",), "region": ("990100",)},
    boost=2,
)
LATER = Document(
    id="a/later",
    kind="policy",
    title="研发费用加计扣除奖补",
    facets={"audience": ("organisation",), "region": ("990100",)},
    shown=Span(date(2026, 4, 1), date(2026, 7, 1)),
)
Find = Callable[..., Hits]


@dataclass
class Shelf:
    """Documents to be searched, and how often somebody asked for them."""

    documents_now: list[Document] = field(default_factory=lambda: [REFUND, CLAUSE, OLD_AGE, LATER])
    reads: int = 0

    def edition(self, as_of: datetime) -> str:
        """Every document as it is."""
        return repr(self.documents_now)

    def documents(self, as_of: datetime) -> Iterable[Document]:
        """All of them."""
        self.reads += 1
        return self.documents_now


@pytest.fixture
def index(tmp_path: Path) -> FolderIndex:
    """An index before its first build."""
    return FolderIndex(tmp_path / "search")


@pytest.fixture
def shelf(index: FolderIndex, now: datetime) -> Shelf:
    """Documents with an index of them."""
    made = Shelf()
    index.rebuild(source=made, as_of=now)
    return made


@pytest.fixture
def find(index: FolderIndex, shelf: Shelf, now: datetime) -> Find:
    """Searches them on the tests' day, all of them, the first 20."""

    def search(text: str, as_of: datetime = now, facets: Any = None, limit: int = 20, offset: int = 0) -> Hits:
        return index.search(text, as_of=as_of, facets=facets or {}, limit=limit, offset=offset)

    return search
