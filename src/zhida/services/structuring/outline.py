"""The outline of a document: chapters, articles, paragraphs and points as clauses, each with a stable anchor.

Anchors follow the numbers, not the places, so that mending a paragraph moves none: c2 chapter, c2-s1 section, a3
article (or 三、 where a document has no articles), a3-p2 its second paragraph (款), a3-1 its point （一） (项), a3-1-2
the item 2. below (目), x1 the first attachment, p1 a paragraph before all numbers, g1-2 the point of a list whose
heading is lost. A number that comes twice gets an `r2` at its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zhida.services.structuring.characters import plain
from zhida.services.structuring.document import Document, Note, Paragraph
from zhida.services.structuring.furniture import is_furniture
from zhida.services.structuring.markers import DEPTHS, Marker, marker_of

_HEADING_LENGTH = 40
_SHORT_HEADING = 20
_NUMBERLIKE = re.compile(r"^(?:第[一二三四五六七八九十百零]+[章节条款]|\([一二三四五六七八九十]+\)|\d+[.、])")
_OUTER = ("article", "count")
_POINTS = ("bracket", "figure", "bracket_figure")
_STOPS = ("。", "；", ";")


@dataclass
class Clause:
    """One clause. `pieces` are its own paragraphs with the place where its words begin behind the number; `kind` is a
    marker's, or `paragraph` for one without a number. `children` are in the order of the text."""

    anchor: str
    kind: str
    count: int
    label: str
    parent: Clause | None
    pieces: list[tuple[Paragraph, int]] = field(default_factory=list)
    children: list[Clause] = field(default_factory=list)
    is_heading: bool = False

    @property
    def text(self) -> str:
        """Its own words without the number, one line to a paragraph."""
        return "\n".join(piece.text[start:].strip() for piece, start in self.pieces)

    @property
    def path(self) -> list[Clause]:
        """The clauses that it stands in, the outermost first, itself last."""
        return [*(self.parent.path if self.parent else []), self]

    @property
    def is_attachment(self) -> bool:
        """Whether it stands in an attachment: forms and templates, which bind nobody."""
        return self.anchor.startswith("x")


@dataclass(frozen=True)
class Outline:
    """All clauses in the order of the text, the paragraphs before them that are no clause, and what looks damaged."""

    clauses: tuple[Clause, ...]
    head: tuple[Paragraph, ...]
    furniture: tuple[Paragraph, ...]
    notes: tuple[Note, ...]


class _Builder:
    def __init__(self, lines: list[tuple[Paragraph, Marker | None]]) -> None:
        self.lines = lines
        self.has_articles = any(marker and marker.kind == "article" for _, marker in lines)
        self.stack: list[Clause] = []
        self.clauses: list[Clause] = []
        self.anchors: set[str] = set()
        self.notes: list[Note] = []
        self.groups = 0
        self.last_article = 0

    def build(self) -> None:
        for place, (paragraph, marker) in enumerate(self.lines):
            inner = self._first_point(place)
            if marker is None:
                self._unnumbered(paragraph, place)
            elif inner is None:
                self._numbered(paragraph, marker)
            else:
                own, below = paragraph.text[: marker.end], paragraph.text[marker.end :]
                self._numbered(replace(paragraph, text=own), marker)
                end = marker.end + inner.end
                self._numbered(replace(paragraph, text=" " * len(own) + below), replace(inner, end=end))

    def _first_point(self, place: int) -> Marker | None:
        """The first point of a list that begins in the line of its article (第五条 （一）…), where （二） follows."""
        paragraph, marker = self.lines[place]
        inner = marker_of(plain(paragraph.text)[marker.end :]) if marker and marker.kind in _OUTER else None
        if marker is None or inner is None or inner.count != 1 or inner.kind not in _POINTS:
            return None
        for _, later in self.lines[place + 1 :]:
            if later is not None and (later.kind == marker.kind or (later.kind, later.count) == (inner.kind, 2)):
                return inner if later.kind == inner.kind else None
        return None

    def _numbered(self, paragraph: Paragraph, marker: Marker) -> None:
        if marker.kind == "attachment":
            self.stack = []
        open_kinds = [clause.kind for clause in self.stack]
        if marker.kind in open_kinds:
            self._close_down_to(open_kinds.index(marker.kind), paragraph, marker)
        else:
            self._close_deeper(marker)
            if marker.count > 1 and marker.kind not in ("article", "chapter", "section", "attachment", "part"):
                self._note_gap(paragraph, marker, 0)
        if marker.kind == "article":
            self._check_article(paragraph, marker)
        clause = self._add(marker.kind, marker.count, plain(paragraph.text)[: marker.end].strip(), marker.insertion)
        clause.pieces.append((paragraph, marker.end))
        clause.is_heading = _is_heading(clause.text)

    def _close_down_to(self, depth: int, paragraph: Paragraph, marker: Marker) -> None:
        """A further number of an open kind is a sibling; one that begins anew is another list of the same parent."""
        before = self.stack[depth]
        self.stack = self.stack[:depth]
        if marker.count <= before.count and not self.stack and marker.kind in ("bracket", "figure", "bracket_figure"):
            self.groups += 1
        is_next = marker.count in (before.count + 1, 1) or marker.insertion
        if not is_next and marker.kind != "article":
            self._note_gap(paragraph, marker, before.count)

    def _close_deeper(self, marker: Marker) -> None:
        """What stands deeper than a number of a kind that is not open is over, unless it leads to a list."""
        rank = self._rank(marker.kind)
        if any(each.kind == "article" for each in self.stack):
            rank = max(rank, DEPTHS[marker.kind])
        while self.stack and self.stack[-1].kind != "attachment":
            top = self.stack[-1]
            if self._rank(top.kind) < rank or (rank > DEPTHS["article"] and self._introduces(top)):
                return
            self.stack.pop()

    def _rank(self, kind: str) -> int:
        """How deep a kind stands; 一、 above articles is a chapter's number."""
        if kind == "count" and self.has_articles and not any(each.kind == "article" for each in self.stack):
            return DEPTHS["section"]
        return DEPTHS.get(kind, len(DEPTHS))

    def _introduces(self, clause: Clause) -> bool:
        """Whether a paragraph without a number ends so that a list follows."""
        return clause.pieces[-1][0].text.rstrip().endswith(("：", ":")) and bool(self.stack[:-1])

    def _check_article(self, paragraph: Paragraph, marker: Marker) -> None:
        in_attachment = bool(self.stack) and self.stack[0].kind == "attachment"
        if in_attachment:
            return
        if marker.count not in (self.last_article, self.last_article + 1):
            self._note_gap(paragraph, marker, self.last_article)
        self.last_article = marker.count

    def _note_gap(self, paragraph: Paragraph, marker: Marker, before: int) -> None:
        label = paragraph.text[: marker.end].strip()
        zh = f"编号不连续：“{label}”之前应有第 {before + 1} 项，原文可能有缺漏"
        en = f"the numbering jumps: before {label} number {before + 1} is missing; words may be lost"
        self.notes.append(Note("numbering_gap", zh, en, paragraph.number, paragraph.page))

    def _unnumbered(self, paragraph: Paragraph, place: int) -> None:
        if self.stack and self._goes_on(self.stack[-1], paragraph):
            self.stack[-1].pieces.append((paragraph, 0))
            return
        if self.stack:
            self._return_to_continued(place)
            while self.stack and self.stack[-1].kind == "paragraph":
                self.stack.pop()
        count = self._next_paragraph()
        clause = self._add("paragraph", count, "")
        clause.pieces.append((paragraph, 0))

    def _goes_on(self, top: Clause, paragraph: Paragraph) -> bool:
        """Whether a paragraph without a number is the body of a heading, of a number that stands alone, or of words
        that end in a colon."""
        if top.kind == "paragraph" or top.children or _NUMBERLIKE.match(plain(paragraph.text)):
            return False
        if not top.text.strip() or top.pieces[0][0].text.rstrip().endswith(("：", ":")):
            return True
        return DEPTHS[top.kind] <= DEPTHS["bracket"] and _is_heading(top.text)

    def _return_to_continued(self, place: int) -> None:
        """A paragraph between two points of a list belongs to the one before it; after the last point it belongs to
        the article or heading that the list stands in, unless the point before the last has one of its own too."""
        numbered = [depth for depth, clause in enumerate(self.stack) if clause.kind != "paragraph"]
        if numbered and _has_body(self._before(self.stack[numbered[-1]])):
            self.stack = self.stack[: numbered[-1] + 1]
            return
        following = next((marker for _, marker in self.lines[place:] if marker is not None), None)
        outer = [depth for depth, clause in enumerate(self.stack) if clause.kind == "article"]
        for depth, clause in enumerate(self.stack):
            is_within = not outer or depth >= outer[0]
            if following and is_within and clause.kind == following.kind and following.count == clause.count + 1:
                self.stack = self.stack[: depth + 1]
                return
        if outer:
            self.stack = self.stack[: outer[0] + 1]
        elif len(self.stack) > 1 and self.stack[0].kind in ("count", "attachment"):
            self.stack = self.stack[:1]

    def _before(self, clause: Clause) -> Clause | None:
        """The point of the same list before one."""
        siblings = clause.parent.children if clause.parent else self.clauses
        before = [each for each in siblings if each.kind == clause.kind and each.count == clause.count - 1]
        return before[-1] if before and clause.kind in _POINTS else None

    def _next_paragraph(self) -> int:
        parent = self.stack[-1] if self.stack else None
        siblings = parent.children if parent else [each for each in self.clauses if each.parent is None]
        paragraphs = sum(each.kind == "paragraph" for each in siblings)
        return paragraphs + (2 if parent else 1)

    def _add(self, kind: str, count: int, label: str, insertion: int = 0) -> Clause:
        parent = self.stack[-1] if self.stack else None
        anchor = self._anchor(kind, count, parent, insertion)
        clause = Clause(anchor, kind, count, label, parent)
        if parent:
            parent.children.append(clause)
        self.stack.append(clause)
        self.clauses.append(clause)
        return clause

    def _anchor(self, kind: str, count: int, parent: Clause | None, insertion: int) -> str:
        base = parent.anchor if parent else ""
        if kind == "article" and not base.startswith("x"):
            name = f"a{count}" + (f"i{insertion}" if insertion else "")
        elif kind in ("part", "chapter", "section", "attachment"):
            name = {"part": "t", "chapter": "c", "section": "s", "attachment": "x"}[kind] + str(count)
            name = f"{base}-{name}" if base and kind != "chapter" else name
        elif kind == "count" and not base:
            name = f"c{count}" if self.has_articles else f"a{count}"
        elif kind == "paragraph":
            name = f"{base}-p{count}" if base else f"p{count}"
        elif base:
            name = f"{base}-{count}"
        else:
            self.groups += not self.groups
            name = f"g{self.groups}-{count}"
        return self._unique(name)

    def _unique(self, name: str) -> str:
        found, times = name, 1
        while found in self.anchors:
            times += 1
            found = f"{name}r{times}"
        self.anchors.add(found)
        return found


def _has_body(clause: Clause | None) -> bool:
    """Whether a point is a short heading, with its words in a paragraph below."""
    is_short = clause is not None and len(clause.text) <= _SHORT_HEADING and not re.search("[，；：:]", clause.text)
    return is_short and clause is not None and any(each.kind == "paragraph" for each in clause.children)


def _is_heading(words: str) -> bool:
    return len(words) <= _HEADING_LENGTH and not words.endswith(_STOPS)


def outline_of(document: Document, head_length: int, closing: frozenset[int]) -> Outline:
    """The outline of a document whose first `head_length` paragraphs are its head (title, number, addressees) and
    whose `closing` paragraphs sign it."""
    furniture = [each for each in document.paragraphs if is_furniture(plain(each.text))]
    out = {each.number for each in furniture}
    kept = [each for each in document.paragraphs if each.number not in out]
    if all(each.number <= head_length or each.number in closing for each in kept):
        head_length, closing = 0, frozenset()  # nothing else is said: then that is what the document says
    head = tuple(each for each in kept if each.number <= head_length)
    body = [each for each in kept if each.number > head_length and each.number not in closing]
    lines = [(each, marker_of(plain(each.text))) for each in body]
    builder = _Builder(_without_cover(lines))
    builder.build()
    return Outline(tuple(builder.clauses), head, tuple(furniture), tuple(builder.notes))


def _without_cover(lines: list[tuple[Paragraph, Marker | None]]) -> list[tuple[Paragraph, Marker | None]]:
    """Where every article stands behind `附件`, the attachment is the document and the word a cover's."""
    kinds = [marker.kind if marker else "" for _, marker in lines]
    first = kinds.index("article") if "article" in kinds else 0
    return [
        (each, None if marker and marker.kind == "attachment" and place < first else marker)
        for place, (each, marker) in enumerate(lines)
    ]
