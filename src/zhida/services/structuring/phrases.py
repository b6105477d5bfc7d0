"""What one segment of a condition says, by its pattern: a place, an industry, a figure, a day, a record, a paper.

Precision comes before reach: a pattern takes a segment only where it accounts for all of its words. What no pattern
takes is unread, and then the whole condition is uncertain; words that speak of a person's judgement are told as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zhida.services.structuring.characters import NUMERALS, number
from zhida.services.structuring.comparisons import Comparison, comparisons_in
from zhida.services.structuring.days import dates_in
from zhida.services.structuring.facts import Facts, NewFact, Said
from zhida.services.structuring.places import Places, industries_in, tail_length
from zhida.services.structuring.segments import Segment


@dataclass(frozen=True)
class Part:
    """What a segment says. `kind` is computed (then `feel` says it), judged, undertaken or unread; `new` are the facts
    that the dictionary lacks; `is_foreign` tells of a fact that describes other subjects than the document's;
    `confidence` in hundredths, `why` a code of reasons."""

    kind: str
    feel: str
    start: int
    end: int
    confidence: int
    why: str
    new: tuple[NewFact, ...] = ()
    is_foreign: bool = False


@dataclass(frozen=True)
class Reader:
    """What a segment is read against: the facts, the places, whether the document says that bounds are included, and
    the terms that it defines itself."""

    facts: Facts
    places: Places
    bounds_said: bool
    defined: frozenset[str] = frozenset()


BARE_KIND = 62
_WHOM = r"(?:的)?(?:企业|单位|机构|人员|老年人|公民|居民|个人|参保人员|申请人|失能人员|团队|项目)?$"
_WHO = re.compile(r"^(?:申[请报](?:单位|企业|人|主体)|企业|单位|机构|其|本人|运营机构)(?:应当?|须|需)?")
_UNDERTAKEN = re.compile(r"^(?:应当?|须|需)?(?:书面)?承诺")
_JUDGED = re.compile(
    r"健全|独立核算|遵守|守法|合法经营|依法(?:成立|经营)|良好|规范|相应的?(?:能力|条件|设施|设备)|符合.{0,24}(?:规定|要求|条件)"
    r"|其他(?:条件|情形)|拥护|支持祖国|成长潜力|较强|履行|总部职能|集中运营|需(?:定期|长期|要)?.{0,8}(?:处理|护理|氧疗)|配备|按规定|必要"
    r"|法律、?行政法规|法律法规|所属企业|享受.{2,14}待遇的人员$|病|伤|瘫|失禁|褥疮|管道|管等|心功能|骨折|坏疽|诊疗|评估|残疾人$|^居家老年人$"
)
_HEAD = r"(?:工商)?(?:登记)?注册地(?:址)?|登记地|住所(?:地)?|税务征管关系|税收征管关系|纳税登记地|统计关系"
_SITED = re.compile(
    rf"^(?P<heads>(?:{_HEAD})(?:(?:[、和及]|以及)(?:{_HEAD}))*)(?:均|都)?(?:在|位于|属于|为)(?P<rest>.+)$"
)
_REGISTERED = re.compile(r"^(?:在|于)?(?P<rest>.+?)(?:依法)?(?:登记)?注册(?:登记|成立|设立)?" + _WHOM)
_HOUSEHOLD = re.compile(r"^(?:具有|取得|拥有|为)?(?P<rest>.+?)户籍(?:的)?(?:居民|人员|公民|老年人|人口)?$")
_LIVING = re.compile(r"^(?:在)?(?P<rest>.+?)(?:长期|常住|连续)?居住(?:的)?(?:居民|人员|公民|老年人)?$")
_OF_INDUSTRY = re.compile(r"^(?:所属)?行业(?:分类|类别|代码)?(?:为|属于|是)(?P<list>.+)$")
_ENDS_IN_INDUSTRY = re.compile(r"(?:业|类)(?:企业)?$|(?:批发|零售|餐饮|住宿)企业$")
_LEVEL = re.compile(
    r"^(?P<what>.{2,20}?)(?P<grade>等级)?(?:应|须)?(?:为|在|达到)?(?P<low>\d)(?:级)?\s*(?:-|~|至|到|—)\s*(?P<high>\d)级"
    r"(?P<thing>待遇)?" + _WHOM
)
_LEVELS = re.compile(
    rf"^(?P<what>.{{2,12}}等级)为(?P<list>[{NUMERALS}\d](?:级)?(?:[、或和][{NUMERALS}\d]级?)*级){_WHOM}"
)
_DATED = re.compile(r"^(?P<what>.{2,16}?)(?:应当?|须)?(?:在|于|不早于|不晚于)(?=\d{4})")
_SINCE = re.compile(
    rf"^(?P<what>.{{2,30}}?)(?:应当?|须)?(?:发生)?在申[请报](?:之)?(?:日|时)(?:期)?(?:之)?前"
    rf"(?P<count>\d{{1,2}}|[{NUMERALS}]{{1,3}})(?P<unit>个月|年)(?:之)?内$"
)
_WINDOW = rf"(?:(?:过去|近|最近|前)?(?:\d|[{NUMERALS}]){{1,3}}年(?:之)?内|近(?:\d|[{NUMERALS}]){{1,2}}年)"
_NEVER = re.compile(
    rf"^(?P<when>{_WINDOW})?(?P<scope>在.{{2,24}}?中)?(?:没有(?:发生|存在|出现)?|未发生过?|不存在|未有|未出现|无)"
    r"(?P<what>.{2,20}?(?:记录|行为|情形|事故|名单))$"
)
_NOT_LISTED = re.compile(
    r"^未(?:被)?(?:列入|纳入|认定为|列为|确定为)(?P<what>.{2,24}?(?:名单|对象|名录|主体|人|企业))$"
)
_PAPER = r"证件|证书|证|执照|许可证|资格|资质|凭证|《[^》]+》|国籍"
_HOLDS = re.compile(
    rf"^(?:已|依法|应|须)?(?:取得|持有?|获得|具有|具备|拥有)(?:了)?(?:相应的?|有效的?)?(?P<what>(?:(?!或者|持有|具有|取得|且).){{2,30}}?(?:{_PAPER})){_WHOM}"
)
_PASSED = re.compile(r"^(?:已)?通过(?P<what>.{3,30}?认证)" + _WHOM)
_CERTIFIED = re.compile(r"^经(?P<by>.{2,14}?)认定的(?P<what>高新技术企业|.{2,20}?(?:企业|机构|中心|平台))$")
_FOUNDED = re.compile(r"^经(?P<what>.{2,14}认定的.{2,40}创办)的企业$")
_WON = re.compile(rf"^(?P<what>(?:{_WINDOW})?(?:获得|获|在).{{3,40}}?(?:立项|获奖|奖|称号)){_WHOM}")
_LISTED_IN = re.compile(
    r"^(?:已)?(?:进入|列入|纳入|入选|入库)(?P<list>.{3,80}?(?:库|名单|目录|名录)(?:[、和或及].{2,40}?(?:库|名单|目录|名录))*)"
    + _WHOM
)
_BELONGS = re.compile(r"^属于(?P<list>[^，]{2,80}?(?:强|企业|机构|公司))(?:等)?$")
_STATE = re.compile(
    r"^(?P<what>新落户本区|正常享受.{2,8}待遇|按规定参加.{2,8}|足额缴费|[^，]{2,24}首席代表常驻我区"
    r"|依法获准设立的.{4,24}代表机构|[^的、]{2,8}、[^的、]{2,8}特别行政区居民|.{2,20}债务到期未清偿|(?:无|限制)民事行为能力"
    r"|符合《[^》]+》规定.{2,8}条件|(?:国家|省级|市级|国家级)?高新技术企业|本区新认定的国家高新技术企业)" + _WHOM
)
_NAMED = re.compile(r"^[^，的、和及或一]{3,14}(?:企业|机构|单位)$")
_OPERATORS = {"之后": ">=", "后": ">=", "以后": ">=", "起": ">=", "之前": "<=", "前": "<=", "以前": "<=", "止": "<="}


def part_of(segment: Segment, reader: Reader) -> Part:
    """What a segment says; `unread` where no pattern accounts for all of it."""
    words = _WHO.sub("", segment.words)
    begin = segment.end - len(words)
    if _UNDERTAKEN.search(words):
        return Part("undertaken", "", segment.start, segment.end, 85, "pattern")
    for read in _PATTERNS:
        part = read(words, begin, reader)
        if part is not None:
            return part
    if _JUDGED.search(segment.words) or words in reader.defined:
        return Part("judged", "", segment.start, segment.end, 80, "needs_judgement")
    return Part("unread", "", segment.start, segment.end, 40, "no_figure")


def _computed(feel: str, said: list[Said], begin: int, words: str, confidence: int = 100, why: str = "") -> Part:
    """A part out of facts; it is as sure as the least sure of them."""
    lowest = min([*said, Said("", confidence, why)], key=lambda each: each.confidence)
    new = tuple(each.new for each in said if each.new is not None)
    is_foreign = any(each.is_foreign for each in said)
    return Part("computed", feel, begin, begin + len(words), lowest.confidence, lowest.why, new, is_foreign)


def _place(rest: str, reader: Reader) -> tuple[str, str]:
    """The code that words name whole, and what stands behind it; "" where they name none."""
    code, length = reader.places.at_start(rest.strip())
    behind = rest.strip()[length:]
    return code, behind[tail_length(behind) :]


def _sited(words: str, begin: int, reader: Reader) -> Part | None:
    match = _SITED.match(words)
    if match is None:
        return None
    code, behind = _place(match.group("rest"), reader)
    if not code or behind:
        return None
    said = [
        reader.facts.of_code("注册地" if re.search(r"注册|登记地|住所", head) and "税" not in head else head, "region")
        for head in re.split(r"[、和及]|以及", match.group("heads"))
        if head
    ]
    return _within(said, code, begin, words)


def _within(said: list[Said], code: str, begin: int, words: str) -> Part:
    feel = " and ".join(f'within({each.feel}, "{code}")' for each in said)
    return _computed(feel, said, begin, words, 30 if code == "?" else 100, "unknown_place")


def _of_place(fact: str, pattern: re.Pattern[str]) -> Callable[[str, int, Reader], Part | None]:
    def read(words: str, begin: int, reader: Reader) -> Part | None:
        match = pattern.match(words)
        if match is None:
            return None
        code, behind = _place(match.group("rest"), reader)
        return None if not code or behind else _within([reader.facts.of_code(fact, "region")], code, begin, words)

    return read


def _industry(words: str, begin: int, reader: Reader) -> Part | None:
    match = _OF_INDUSTRY.match(words)
    listed = match.group("list") if match else words if _ENDS_IN_INDUSTRY.search(words) else ""
    codes = industries_in(listed, reader.facts.dictionary.code_trees.get("industry")) if listed else ()
    if not codes:
        return None
    return _computed(*industry_feel(codes, reader), begin, words)


def industry_feel(codes: tuple[str, ...], reader: Reader) -> tuple[str, list[Said]]:
    """A subject's being of one of some industries, as FEEL, and the fact that says so."""
    said = reader.facts.of_code("行业", "industry")
    told = f'"{codes[0]}"' if len(codes) == 1 else "[" + ", ".join(f'"{code}"' for code in codes) + "]"
    return f"within({said.feel}, {told})", [said]


_OWN_AGE = re.compile(
    r"(?:申请人|申请对象|本人|其|人员|老年人|老人|居民|户籍|年龄|应当?|须|需|已经?|且|在|为|是|达到?|年|满|[（(，,、])*"
)
"""What may stand before an age that is the applicant's own; 女方 or 子女 is somebody else's, 男性 only a man's."""


def _figures(words: str, begin: int, reader: Reader) -> Part | None:
    """Figures of one fact or of age: 年满60周岁不满65周岁, 面积不小于30㎡, 5000万元以上."""
    found = comparisons_in(words)
    if not found or re.search(r"工作日|(?<!周)(?<!\d)日内", words):
        return None
    end = 0
    said: list[Said] = []
    feels, sure = [], 100
    for each in found:
        name = words[end : each.start]
        fact = _named_by(name, words, each, reader, said)
        value = _in_unit(each, fact) if fact else None
        if fact is None or value is None:
            return None
        said.append(fact)
        feels.append(f"{fact.feel} {each.operator} {value}")
        sure = min(sure, 96 if each.is_bound_said or reader.bounds_said else 92)
        end = each.end
    tail = words[end:]
    if tail and not re.fullmatch(r"的?(?:老年人|居民|人员|企业|单位|公民|人)?(?:同时就餐)?", tail):
        return None
    return _computed(" and ".join(feels), said, begin, words, sure, "pattern")


def _named_by(name: str, words: str, each: Comparison, reader: Reader, said: list[Said]) -> Said | None:
    if each.unit in ("周岁", "岁"):
        return reader.facts.of_number("周岁", each.unit, "") if _OWN_AGE.fullmatch(name.strip()) else None
    bare = re.sub(r"(?:[为在是]|应当?|须|能够)+$", "", name).strip()
    if bare in ("能够容纳", "能容纳", "容纳"):
        bare = f"容纳{re.sub(r'^以上', '', words[each.end :])}人数"
    if "、" in bare or "是指" in bare or bare.startswith("或"):
        return None
    if len(bare) < 2:
        return said[-1] if said and not bare else None
    return reader.facts.of_number(bare, each.unit, each.period)


def _in_unit(each: Comparison, fact: Said) -> str | None:
    """The figure in the fact's own unit, as FEEL writes it; None where it is no whole number of fen."""
    value, unit = each.value, fact.attribute.fact.unit if fact.attribute else fact.new.unit if fact.new else ""
    if unit == "fen":
        value *= 100
        if value != int(value):
            return None
    elif unit == "months" and each.unit == "年":
        value *= 12
    return f"{value.normalize():f}"


def _level(words: str, begin: int, reader: Reader) -> Part | None:
    match = _LEVEL.match(words)
    if match is not None:
        what = f"{match.group('what')}{match.group('thing') or ''}{'' if match.group('thing') is None else '等级'}"
        name = what.removeprefix("享受") if match.group("thing") else f"{match.group('what')}等级"
        fact = reader.facts.of_number(name, "级", "")
        return _computed(f"{fact.feel} in [{match.group('low')}..{match.group('high')}]", [fact], begin, words)
    match = _LEVELS.match(words)
    if match is None:
        return None
    levels = [number(each) for each in re.findall(rf"[{NUMERALS}\d]", match.group("list"))]
    fact = reader.facts.of_number(match.group("what"), "级", "")
    return _computed(f"{fact.feel} in ({', '.join(str(each) for each in levels)})", [fact], begin, words)


def _dated(words: str, begin: int, reader: Reader) -> Part | None:
    match, days = _DATED.match(words), dates_in(words)
    since = _SINCE.match(words)
    if since is not None:
        count = number(since.group("count"))
        months = int(count or 0) * (12 if since.group("unit") == "年" else 1)
        fact = reader.facts.of_date(f"{since.group('what')}发生日期")
        return _computed(f"{fact.feel} >= add_months(as_of, -{months})", [fact], begin, words)
    if match is None or len(days) != 1:
        return None
    behind = words[days[0].end :]
    operator = _OPERATORS.get(behind)
    if operator is None:
        return None
    fact = reader.facts.of_date(match.group("what"))
    return _computed(f'{fact.feel} {operator} date("{days[0].day}")', [fact], begin, words, 58, "bound_not_said")


def _never(words: str, begin: int, reader: Reader) -> Part | None:
    match = _NEVER.match(words) or _NOT_LISTED.match(words)
    if match is None:
        return None
    groups = match.groupdict()
    fact = reader.facts.of_yes(f"{groups.get('when') or ''}{groups.get('scope') or ''}{match.group('what')}")
    return _computed(fact.feel if fact.is_turned else f"not({fact.feel})", [fact], begin, words)


def _yes(pattern: re.Pattern[str]) -> Callable[[str, int, Reader], Part | None]:
    def read(words: str, begin: int, reader: Reader) -> Part | None:
        match = pattern.match(words)
        if match is None:
            return None
        fact = reader.facts.of_yes(match.group("what"))
        return _computed(fact.feel, [fact], begin, words)

    return read


def _any_of_list(pattern: re.Pattern[str]) -> Callable[[str, int, Reader], Part | None]:
    """Being in one of several lists: each its own fact, joined by or."""

    def read(words: str, begin: int, reader: Reader) -> Part | None:
        match = pattern.match(words)
        if match is None:
            return None
        names = [each for each in re.split(r"、|(?<=库)[和或及]", match.group("list")) if each]
        said = [
            reader.facts.of_yes(f"列入{name}" if name.endswith(("库", "名单", "目录", "名录")) else name)
            for name in names
        ]
        return _computed(" or ".join(each.feel for each in said), said, begin, words)

    return read


def _kind(words: str, begin: int, reader: Reader) -> Part | None:
    """A kind of organisation that a register could tell: 某某服务机构; one that the text defines itself is none."""
    if not _NAMED.match(words) or words in reader.defined or _JUDGED.search(words) or re.match(r"^[对经由为]", words):
        return None
    fact = reader.facts.of_yes(words)
    return _computed(fact.feel, [fact], begin, words, BARE_KIND, "new_fact")


_PATTERNS: tuple[Callable[[str, int, Reader], Part | None], ...] = (
    _sited,
    _level,
    _dated,
    _figures,
    _industry,
    _never,
    _of_place("注册地", _REGISTERED),
    _of_place("户籍", _HOUSEHOLD),
    _of_place("居住", _LIVING),
    _yes(_FOUNDED),
    _yes(_CERTIFIED),
    _yes(_PASSED),
    _yes(_HOLDS),
    _any_of_list(_LISTED_IN),
    _any_of_list(_BELONGS),
    _yes(_WON),
    _yes(_STATE),
    _kind,
)
