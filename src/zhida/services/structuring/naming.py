"""A short proper name for what a clause gives: a noun phrase out of the policy's own words, such as 技术改造奖励.

Tried in turn: its heading, the benefit that its words name, the heading it stands under, whom or what it is given for,
what the document is about. A name that would be too long is passed over for the next; none is ever cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from zhida.services.structuring.characters import plain
from zhida.services.structuring.outline import Clause

MOST = 16
_PHRASE = 40
_HAN = r"[\u4e00-\u9fff]"
_GIFT = "贴息补助|贷款贴息|补贴|补助|奖励金|奖励|贴息|津贴|资助|救助|返还|奖补|优待|优惠|支持|扶持"
_HEADED = re.compile(r"^\s*(?:【(?P<boxed>[^】]{2,14})】|(?P<plain>[^，。；;:、\d(（]{2,12})[。:]?(?:\s|$|(?<=[。:])))")
_VERBS = re.compile(r"^(?:对|按|每|给予|符合|经|凡|由|在|年满|被|享受|本|其|应当|申请人|申请单位)")
_GENERIC = re.compile(
    rf"^(?:(?:{_GIFT}|待遇|费用|发放|资金|申报|认定|享受|优惠|保障)*(?:标准|金额|额度|内容|方式|措施|比例|政策|条件|对象|范围|项目|程序|管理)+"
    rf"|(?:条件|对象)(?:和|与|及)(?:标准|内容)|总则|附则|监督.{{0,6}}|办理.{{0,6}}|(?:{_GIFT})+)$"
)
_NAMED = re.compile(
    r"(?:元|的|给予|享受|发放|申领|申请|提供|获得|一次性|予以)(?:一次性|最高|相应)?"
    r"(?P<name>(?:(?!给予|享受|按|对|元|不|的|为|其|每|持|乘|等|或|相应|最高|可以?|"
    rf"{_GIFT}|[一两]次性){_HAN}){{2,10}}"
    r"(?:补贴|补助|奖励金|奖励|贴息|津贴|救助|返还|奖补|优待))"
    r"(?!标准|资金|金额|对象|政策|的资格|范围|期限|比例|申请|条件|凭证|证|卡)"
)
_EMPTY = re.compile(
    r"^(?:资金|现金|相同|同等|额度|特殊|财政|专项|配套|连续|分级|分档|适当|一定|货币|相关|有关|多种|该|此|各类|以上|上述)+"
)
_KIND = re.compile(r"补贴|补助|奖励|贴息|津贴|救助|资助|返还|奖补|优待|优惠|支持|扶持|免费|减免|保障")
_WHOM = re.compile(
    r"对(?!象)(?:于)?(?P<whom>[^，。；;:对]{2,40}?)(?:，|给予|按|一次性|根据|予以|每家|每人|分别|最高|年度)"
)
_DOER = re.compile(r"的(?:工业|中小微?|小微)?(?:企业|单位|机构|个人|人员|项目|团队|用人单位|申请人|公民|居民|家庭)$")
_ASKED = re.compile(r"^(?:符合.*|满足.*|上述|前款.*|以上|本条.*|获得.*荣誉.*|同时.*)$")
_DONE = re.compile(r"^(?:首次|依法|按规定|已|新|成功)?(?:完成|实施|开展|进行|通过|取得|获得|获|享受|从事)(?:了)?")
_TURNED = re.compile(rf"^(?P<verb>购置|购买|采购|引进|租用|租赁|建设|新建|招用|吸纳|使用)(?P<thing>{_HAN}{{2,8}})$")
_BASE = re.compile(
    r"(?:按照?|对)(?:其|企业|该企业|单位)?(?:上一?年度?|当年度?|年度|实际)?(?:实际)?(?P<base>[\u4e00-\u9fff]{2,14}?)(?:总额|金额)?的?\s*"
    r"(?:\d|百分之|[一二三四五六七八九]分之)"
)
_BY_COUNT = re.compile(r"按(?P<by>[\u4e00-\u9fff]{2,8}?)(?:的)?(?:人数|数量|面积|次数|家数)")
_MEANT = re.compile(r"^(?:鼓励|支持|引导|推动)(?P<what>[^，。；;:、]{3,14})[，。；;]")
_PLACE = re.compile(rf"^{_HAN}{{1,8}}?(?:自治区|省|市|县|区|新区)(?!域)(?:{_HAN}{{1,4}}?[市县区](?!域))?")
_FORM = re.compile(
    r"(?:\(.*\)|关于|印发|的?通知|的?通告|的?公告|办事指南|实施细则|实施办法|暂行办法|管理办法|扶持办法|办法|细则|若干|措施|规定|意见|"
    r"实施方案|方案|条例|暂行|(?:资金)?管理)+$"
)
_AIM = re.compile(r"^(?:关于|印发|促进|支持|鼓励|推动|加快|进一步|《)+")
_SET = re.compile(rf"^(?:全市|本市|全省|全区)?(?P<name>{_HAN}{{3,14}}?)(?:费用)?(?:限额)?标准(?:为|按)")
_IS_GIFT = re.compile(rf"(?:{_GIFT}|奖|券|保障)$")
_NO_NAME = re.compile(r"[、《》(),]|每|标准.|额度|最高|申请当|下列|以下|不")
_STOP = "，；。：:;,、"


def name_of(clause: Clause, title: str, *, is_only: bool = False) -> str:
    """The name of what a clause gives, under a document's title; at most 16 characters, but for what stands for a
    clause that names nothing: its number. Where it is the only one, the title may name it (…服务券实施办法)."""
    text = plain(clause.text).replace("{", "").replace("}", "").strip()
    about = _about(title)
    if is_only and _IS_GIFT.search(about) and _is_name(about):
        return about
    for propose in _WAYS:
        for found in propose(clause, text, title):
            name = found.strip(f' {_STOP}“”"《》')
            if _is_name(name):
                return name
    return f"{_place_of(clause) if clause.label else '文中'}所说的{_kind_in(text) or '待遇'}"


def _is_name(name: str) -> bool:
    return 2 < len(name) <= MOST and not _GENERIC.match(name) and not _NO_NAME.search(name)


def told_apart(names: Sequence[tuple[str, Clause]]) -> list[str]:
    """The names, with the clause's number behind each that several share."""
    told = [name for name, _ in names]
    return [f"{name}（{_place_of(clause)}）" if told.count(name) > 1 else name for name, clause in names]


def _place_of(clause: Clause) -> str:
    """第八条(一): its own number, behind its article's."""
    own = clause.label or (f"第{clause.count}款" if clause.kind == "paragraph" else clause.anchor)
    article = next((above.label for above in clause.path[:-1] if above.kind == "article"), "")
    return own if own.startswith(article) else f"{article}{own}"


def phrase_of(clause: Clause) -> str:
    """A clause's first words up to a stop, at most 40 characters; its number where that leaves none."""
    words = plain(clause.text).replace("{", "").replace("}", "").strip()
    return whole_words(words.split("\n")[0].split("。")[0].strip(f" {_STOP}"), _PHRASE) or clause.label or clause.anchor


def whole_words(text: str, most: int = 80) -> str:
    """A text up to the last stop that leaves it short enough, so that no word is cut; "" where no stop does."""
    if len(text) <= most:
        return text.strip()
    stops = [place for place, sign in enumerate(text[: most + 1]) if sign in _STOP]
    return text[: stops[-1]].strip() if stops and stops[-1] > 3 else ""


def whom_of(clause: Clause) -> str:
    """Whom the words of a benefit speak of (对完成技术改造的企业: 完成技术改造的企业); "" where they name none, or only
    whoever meets the conditions."""
    match = _WHOM.search(plain(clause.text))
    whom = match.group("whom").strip() if match else ""
    return "" if _ASKED.match(_DOER.sub("", whom)) or len(whom) > _PHRASE else whom


def is_for_all(clause: Clause) -> bool:
    """Whether the words give to whoever meets the conditions, and speak of no case of their own: 对符合条件的企业."""
    return bool(re.match(r"^\s*对(?:于)?(?:同时)?符合(?:上述|以上|本办法规定的?|前款)?条件的", plain(clause.text)))


def _kind_in(text: str) -> str:
    found = _KIND.search(text)
    return found.group(0) if found else ""


def _own_heading(clause: Clause, text: str, _: str) -> Iterator[str]:
    match = _HEADED.match(text)
    if match is not None and not _VERBS.match(match.group(0).strip()):
        yield match.group("boxed") or match.group("plain")


def _named_benefit(_: Clause, text: str, __: str) -> Iterator[str]:
    for match in _NAMED.finditer(text):
        if not _EMPTY.match(match.group("name")):
            yield match.group("name")


def _heading_above(clause: Clause, text: str, title: str) -> Iterator[str]:
    for above in reversed(clause.path[:-1]):
        words = plain(above.text).strip()
        if _KIND.search(words[:MOST]) or "【" in words[:2] or words[:MOST].endswith("奖"):
            yield from _own_heading(above, words, title)


def _whom(_: Clause, text: str, __: str) -> Iterator[str]:
    """技术改造 of 对完成技术改造的企业, 设备购置 of 对购置设备的单位."""
    match, kind = _WHOM.search(text), _kind_in(text)
    if match is None or not kind:
        return
    whom = re.sub(r"^(?:在)?(?:本|我|全)(?:省|市|区|县)", "", match.group("whom").strip())
    what = _DOER.sub("", whom)
    if _ASKED.match(what):
        return
    what = _DONE.sub("", what) or whom
    turned = _TURNED.match(what)
    what = f"{turned['thing']}{turned['verb']}" if turned else what
    yield _joined(what.replace("的", ""), kind)


def _base(_: Clause, text: str, __: str) -> Iterator[str]:
    match, kind = _BASE.search(text), _kind_in(text)
    if match is not None and kind:
        yield _joined(re.sub(r"^(?:购买|购置|支付|发生|承担)(?:的)?", "", match.group("base")), kind)
    match = _BY_COUNT.search(text)
    if match is not None and kind:
        yield _joined(match.group("by"), kind)


def _meant(_: Clause, text: str, __: str) -> Iterator[str]:
    match = _MEANT.match(text)
    if match is not None:
        yield _joined(match.group("what"), _kind_in(text[match.end("what") :]) or "扶持")


def _document(_: Clause, text: str, title: str) -> Iterator[str]:
    about, kind = _about(title), _kind_in(text)
    if about and kind:
        yield _joined(about, kind)


def _about(title: str) -> str:
    """What a document is about: its title without the year, the place, and what kind of document it is."""
    bare = re.sub(r"^\d{4}年度?", "", _FORM.sub("", plain(title).strip()))
    return _AIM.sub("", _PLACE.sub("", _AIM.sub("", bare)))


def _standard(_: Clause, text: str, __: str) -> Iterator[str]:
    match = _SET.match(text)
    if match is not None:
        yield match.group("name")


def _joined(what: str, kind: str) -> str:
    """A noun and its benefit; one that ends in it already stays as it is."""
    return what if _IS_GIFT.search(what) else f"{what}{kind}"


_WAYS: tuple[Callable[[Clause, str, str], Iterator[str]], ...] = (
    _own_heading,
    _named_benefit,
    _heading_above,
    _standard,
    _whom,
    _base,
    _meant,
    _document,
)
