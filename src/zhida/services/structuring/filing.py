"""Where a document belongs: its issuing office, region and topics in the dictionary, or a placeholder that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.domain.packs import Dictionary
from zhida.services.structuring.characters import plain
from zhida.services.structuring.structure import Structure

_TOPIC_WORDS = [
    (r"救助|低保|特困|临时救助|最低生活|孤儿", "社会救助|社会福利"),
    (r"老年|养老|高龄|助餐|优待", "社会福利"),
    (r"护理保险|医疗保险|医保", "医药管理|社会保险|保险"),
    (r"失业|稳岗|就业|创业|招用", "就业"),
    (r"社会保险|养老保险", "社会保险|保险"),
    (r"高新技术|科技|研发|创新|专利|知识产权", "科技|知识产权"),
    (r"市场主体|营业执照|注册登记|食品经营", "市场监管|工商|质量"),
    (r"贸易|零售|批发|商贸|外资|总部", "商务|国内贸易|外资|其他"),
    (r"工业|制造|技改", "工业"),
    (r"人才|落户|入户", "人事|户籍"),
    (r"汽车|消费|以旧换新", "国内贸易|商务"),
]


@dataclass(frozen=True)
class Filing:
    """Slug, code and topics for pack.yaml, each with how sure in hundredths and a code of why."""

    office: str
    office_confidence: int
    region: str
    region_confidence: int
    topics: tuple[str, ...]


def filing_of(structure: Structure, dictionary: Dictionary, *, office: str = "", region: str = "") -> Filing:
    """Where a document is filed. What is given counts; else an issuer that the dictionary names exactly; else the first
    office and its region stand in, with no confidence."""
    named = office or _office_named(structure, dictionary)
    slug = named or next(iter(dictionary.offices), "")
    sure = 100 if office else 92 if named else 0
    place = (
        region
        or _region_named(structure, dictionary)
        or (dictionary.offices[slug].region if slug in dictionary.offices else "")
    )
    place_sure = 100 if region else 85 if named or _region_named(structure, dictionary) else 0
    return Filing(slug, sure, place, place_sure, _topics(structure, dictionary))


def _office_named(structure: Structure, dictionary: Dictionary) -> str:
    for issuer in structure.header.issuers:
        for slug, entry in dictionary.offices.items():
            if entry.words.get("zh") == plain(issuer.text).strip():
                return slug
    return ""


def _region_named(structure: Structure, dictionary: Dictionary) -> str:
    tree = dictionary.code_trees.get("region")
    names = [each.text for each in structure.header.issuers]
    names += [structure.header.title.text] if structure.header.title else []
    if tree is None:
        return ""
    found = [code for code, name in tree.names.items() if len(name) > 1 and any(name in words for words in names)]
    return max(found, key=lambda code: (len(tree.ancestors(code)), code), default="")


def _topics(structure: Structure, dictionary: Dictionary) -> tuple[str, ...]:
    """At most two topics: a leaf's own name in the title or text, or words that stand for it."""
    title = structure.header.title.text if structure.header.title else ""
    body = "".join(each.clause.text for each in structure.in_force())[:4000]
    scores: dict[str, int] = {}
    for topic in dictionary.topics:
        leaf = topic.split("/")[-1]
        if "/" not in topic or leaf == "其他":
            continue
        names = [part for part in re.split(r"[、(（)）]", leaf) if len(part) >= 2]
        score = sum(20 * (name in title) + min(body.count(name), 5) for name in names)
        for words, leaves in _TOPIC_WORDS:
            if re.search(leaves, leaf):
                score += 10 * len(re.findall(words, title)) + min(len(re.findall(words, body)), 9)
        if score >= 5:
            scores[topic] = score
    ranked = sorted(scores, key=lambda topic: (-scores[topic], topic))
    fallback = [topic for topic in dictionary.topics if topic.endswith("其他")][:1]
    return tuple(ranked[:2] or fallback or ["其他"])
