"""What a clause demands, as FEEL over the dictionary and over new facts that are proposed for it.

A condition is read in parts. Each is computed, promised, a person's judgement, or unread; while one is unread, or the
words speak of a case apart (其中, 除外, 如), the condition is uncertain and the clause is left to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from zhida.services.structuring.facts import NewFact
from zhida.services.structuring.phrases import Part, Reader, industry_feel, part_of
from zhida.services.structuring.places import industries_in
from zhida.services.structuring.segments import NOUN, Segment, masked, segments_of, without_opener

_APART = re.compile(r"其中|(?<![扣消免解排删清拆废])除(?!名)|如(?:果|有)|若|但|不受|视为|另有|比例|鉴定")
_DEFINES = re.compile(r"^\s*(?:本[^，]{2,6}所称|所称)?[^，。；:]{2,30}?[，,]?是指(?:在)?(?=.)")
_KIND = re.compile(r"^(?P<kind>[^:。；;]{2,80}):(?=.)")
_IF = re.compile(
    r"^(?:申[请报]单位|企业)?(?:若|如)为(?P<first>[^，]{2,12}?)(?:类)?企业，(?P<then>[^；;]+)[；;]"
    r"(?:若|如)为其他(?:类型)?(?:的)?企业，(?P<other>[^；;。]+)。?$"
)
_OR = re.compile(r"或者|或")
_SUBJECT = re.compile(r"^享受.+待遇的人员$")
_NEEDS = re.compile(r"^[需应须]")
_READ = ("computed", "judged")


@dataclass(frozen=True)
class Condition:
    """All that a text demands. `feel` joins what is computed; "" where nothing is. `confidence` in hundredths, `why` a
    code of reasons; `is_definition` tells that the words say what a term means (…是指…), `excludes` that whoever meets
    the words is refused."""

    feel: str
    parts: tuple[Part, ...]
    confidence: int
    why: str
    start: int = 0
    end: int = 0
    is_definition: bool = False
    excludes: bool = False

    @property
    def new(self) -> tuple[NewFact, ...]:
        """The facts that the dictionary lacks, each once."""
        return tuple(dict.fromkeys(fact for part in self.parts for fact in part.new))

    @property
    def is_ready(self) -> bool:
        """Whether the dictionary has every fact of it, for the document's own subjects."""
        return bool(self.feel) and not self.new and not any(part.is_foreign for part in self.parts)

    @property
    def left(self) -> tuple[Part, ...]:
        """What `feel` does not say: a person's to judge, promised, or not read."""
        return tuple(part for part in self.parts if part.kind != "computed")


def condition_in(text: str, reader: Reader, *, start: int = 0, is_exclusion: bool = False) -> Condition:
    """The condition that a clause's plain words state from a place on; `is_exclusion` tells that meeting the words
    excludes."""
    whole = masked(without_opener(text))
    begin = start + len(whole[start:]) - len(whole[start:].lstrip())
    defined = _DEFINES.match(whole[begin:])
    begin += defined.end() if defined else 0
    end = max(begin, len(whole.rstrip(" 。；;，")))
    branched = _branched(whole[begin:end], begin, reader)
    parts = (branched,) if branched else tuple(_parts(whole[:end], begin, reader))
    joined = _joined(parts, whole[begin:end] if not branched else "", is_exclusion, begin, end)
    return replace(joined, is_definition=bool(defined), excludes=is_exclusion)


def _joined(parts: tuple[Part, ...], words: str, is_exclusion: bool, begin: int, end: int) -> Condition:
    computed = [part for part in parts if part.kind == "computed"]
    if not computed:
        why = parts[0].why if parts else "no_figure"
        return Condition(
            "", parts, 40, why if all(part.kind == "judged" for part in parts) else "no_figure", begin, end
        )
    said = [f"({part.feel})" if " or " in part.feel and len(computed) > 1 else part.feel for part in computed]
    feel = " and ".join(dict.fromkeys(said))
    lowest = min(computed, key=lambda part: part.confidence)
    sure, why = lowest.confidence, lowest.why
    if any(part.kind == "unread" for part in parts):
        sure, why = min(sure, 55), "part_of_clause"
    if _APART.search(words):
        sure, why = min(sure, 45), "alternatives"
    if is_exclusion and any(part.kind != "computed" for part in parts):
        sure, why = min(sure, 50), "part_of_clause"
    if _contradicts(computed):
        sure, why = 45, "alternatives"
    return Condition(f"not({feel})" if is_exclusion else feel, parts, sure, why, begin, end)


def _contradicts(parts: list[Part]) -> bool:
    """Two figures for one fact on the same side are two cases, not one condition."""
    sides = [
        side
        for part in parts
        if " or " not in part.feel and not part.feel.startswith("if ")
        for side in re.findall(r"(\S+(?: - 1\))? [<>]=?) \d", part.feel)
    ]
    return len({*sides}) < len(sides)


def _parts(text: str, begin: int, reader: Reader) -> list[Part]:
    kind = _KIND.match(text[begin:])
    if kind is None:
        return _segmented(text, begin, reader)
    first = _of_kind(kind.group("kind"), begin, reader)
    return [first, *_segmented(text, begin + kind.end(), reader)]


def _of_kind(words: str, begin: int, reader: Reader) -> Part:
    """The kind of subject before a colon (某某业：…): an industry of the tree, else a fact of its own."""
    codes = industries_in(words, reader.facts.dictionary.code_trees.get("industry"))
    if codes:
        feel, said = industry_feel(codes, reader)
        new = tuple(each.new for each in said if each.new)
        return Part("computed", feel, begin, begin + len(words), 85, "named_exactly", new)
    if not re.search(r"业$", words) or re.search(r"和其他|等其他", words):
        return Part("unread", "", begin, begin + len(words), 40, "no_figure")
    fact = reader.facts.of_yes(words)
    new = (fact.new,) if fact.new else ()
    return Part("computed", fact.feel, begin, begin + len(words), 62, "new_fact", new)


def _segmented(text: str, begin: int, reader: Reader) -> list[Part]:
    found: list[Part] = []
    segments = segments_of(text, begin)
    for place, segment in enumerate(segments):
        if _SUBJECT.match(segment.words) and any(_NEEDS.match(each.words) for each in segments[place + 1 :]):
            found.append(Part("judged", "", segment.start, segment.end, 80, "needs_judgement"))
            continue
        is_promised = bool(found) and found[-1].kind == "undertaken"
        read = _read(segment, reader)
        if is_promised and all(part.kind == "unread" for part in read):
            read = [replace(part, kind="undertaken", confidence=85, why="pattern") for part in read]
        found += read
    return found


def _read(segment: Segment, reader: Reader) -> list[Part]:
    """A segment's part; one that is unread is tried by its nouns (…的…企业), as alternatives (或), as a list (、)."""
    part = part_of(segment, reader)
    if part.kind not in ("unread", "judged"):
        return [part]
    qualified = [part_of(_placed(each, segment), reader) for each in _cut(segment, NOUN)]
    if len(qualified) > 1 and all(each.kind in _READ for each in qualified) and _says(qualified):
        return qualified
    either = [part_of(each, reader) for each in _cut(segment, _OR)]
    if len(either) > 1 and all(each.kind == "computed" for each in either):
        return [_either(either, segment)]
    listed = [part_of(each, reader) for each in _cut(segment, re.compile("、"))]
    if len(listed) > 1 and all(each.kind in _READ and each.confidence > 62 for each in listed) and _says(listed):
        return listed
    return [part]


def _placed(piece: Segment, whole: Segment) -> Segment:
    """户籍 behind a place is that place's (在本市居住的…户籍老年人)."""
    own = re.search(r"本[省市区县]", whole.words)
    is_bare = piece.words.startswith("户籍") and own is not None
    return replace(piece, words=f"{own.group(0)}{piece.words}") if is_bare and own else piece


def _says(parts: list[Part]) -> bool:
    return any(part.kind == "computed" for part in parts)


def _either(parts: list[Part], segment: Segment) -> Part:
    lowest = min(parts, key=lambda each: each.confidence)
    new = tuple(fact for each in parts for fact in each.new)
    feel = " or ".join(f"({each.feel})" if " and " in each.feel else each.feel for each in parts)
    is_foreign = any(each.is_foreign for each in parts)
    return Part("computed", feel, segment.start, segment.end, lowest.confidence, lowest.why, new, is_foreign)


def _cut(segment: Segment, pattern: re.Pattern[str]) -> list[Segment]:
    found, begin = [], 0
    for match in [*pattern.finditer(segment.words), None]:
        end = match.start() if match else len(segment.words)
        words = segment.words[begin:end]
        found.append(Segment(words, segment.start + begin, segment.start + end))
        begin = match.end() if match else end
    return [each for each in found if each.words]


def _branched(text: str, begin: int, reader: Reader) -> Part | None:
    """若为工业类企业，…；若为其他类型企业，… as one `if`."""
    match = _IF.match(text)
    if match is None:
        return None
    codes = industries_in(match.group("first"), reader.facts.dictionary.code_trees.get("industry"))
    sides = [
        part_of(Segment(match.group(name), begin + match.start(name), begin + match.end(name)), reader)
        for name in ("then", "other")
    ]
    if not codes or any(side.kind != "computed" for side in sides):
        return None
    feel, said = industry_feel(codes, reader)
    new = tuple(each.new for each in said if each.new) + tuple(fact for side in sides for fact in side.new)
    sure = min(side.confidence for side in sides)
    told = f"if {feel} then {sides[0].feel} else {sides[1].feel}"
    return Part("computed", told, begin, begin + len(text), sure, sides[0].why, new)
