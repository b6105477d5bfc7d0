"""Every page that anyone may open, of every pack that ships, in English: what stays Chinese says that it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from zhida.domain.values import Actor
from zhida.kernel.catalogue import queries
from zhida.kernel.catalogue.documents import PublishedDocuments
from zhida.kernel.ports import clock
from zhida.kernel.search.actions import rebuild
from zhida.surfaces.cli.groundwork.publishing import publish_folder
from zhida.surfaces.look.modes import COOKIE, Modes

PACKS = Path(__file__).parents[4] / "packs"
PLAIN = ("/", "/policies/", "/calculator/", "/calculator/result/?audience=person", "/help/", "/accessibility/",
         "/privacy/", "/verify/", "/publicity/", "/display/", "/policies/search/", "/compare/",
         "/compare/innovation-platform-award/", "/calendar/", "/figures/", "/feedback/",
         "/policies/?q=zzqq&level=city", "/policies/?level=city&document=notice")  # fmt: skip
CHINESE = re.compile(r"[\u3400-\u9fff]")
READ = ("title", "aria-label", "placeholder", "alt")
EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Unmarked(HTMLParser):
    """Collects the Chinese that a page shows or reads out where no `lang` says that it is Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.within: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        lang = told.get("lang") or (self.within[-1][1] if self.within else "")
        self._keep(lang, *(told.get(name, "") for name in READ))
        if tag not in EMPTY:
            self.within.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.within and self.within[-1][0] not in ("script", "style"):
            self._keep(self.within[-1][1], data)

    def _keep(self, lang: str, *texts: str) -> None:
        if not lang.startswith("zh"):
            self.found.extend(text.strip() for text in texts if CHINESE.search(text))


def unmarked(page: bytes) -> list[str]:
    parser = Unmarked()
    parser.feed(page.decode())
    return parser.found


def test_what_is_not_marked_is_found() -> None:
    page = '<p lang="en">a <b lang="zh-CN">甲</b><br>乙</p><a title="丙"></a><div lang="zh"><p>丁</p></div>'
    assert unmarked(page.encode()) == ["乙", "丙"]


@pytest.mark.django_db
def test_english_pages_of_the_shipped_packs_are_english() -> None:
    as_of = clock().now()
    list(publish_folder(PACKS, [], by=Actor("shell:test", "operator"), as_of=as_of))
    rebuild(source=PublishedDocuments(), as_of=as_of)
    client = Client()
    client.cookies[COOKIE] = str(Modes(lang="en"))
    policies = [record.pack_id for record in queries.policies(as_of=as_of)]
    items = [card.item_id for card in queries.item_cards(as_of=as_of)]
    assert policies
    assert items
    leaks = {}
    for address in (*PLAIN, *(f"/policies/{one}/" for one in policies), *(f"/items/{one}/" for one in items)):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if left := unmarked(answer.content):
            leaks[address] = left
    assert leaks == {}
    title = client.get("/policies/mingzhou/research-rebate/").content.decode()
    assert "<h1>Rebate on research spending</h1>" in title
    assert '<span lang="zh-CN">明州省企业研发费用补助管理办法</span>' in title
