"""What documents are filed under, in words: topics, kinds of document and of feedback, levels, measures."""

from __future__ import annotations

from collections.abc import Mapping

from zhida.domain.packs.dictionary import Words
from zhida.kernel.catalogue import queries as catalogue
from zhida.surfaces.look.language import Text, spoken

LEVELS = {"nation": "国家级", "province": "省级", "city": "市级", "county": "县区级", "town": "乡镇街道级"}
DOCUMENT_KINDS = {
    "regulations": "条例",
    "provisions": "规定",
    "measures": "办法",
    "details": "细则",
    "rules": "规则",
    "plan": "方案、规划",
    "steps": "措施",
    "standard": "标准",
    "list": "目录",
    "guide": "指南",
    "notice": "通知",
    "opinions": "意见",
    "decision": "决定",
    "resolution": "决议",
    "order": "命令",
    "bulletin": "公报",
    "announcement": "公告",
    "public-notice": "通告",
    "circular": "通报",
    "reply": "批复",
    "letter": "函",
    "minutes": "纪要",
    "other": "其他",
}

FEEDBACK_KINDS = {"wrong": "内容不对", "unclear": "看不懂", "broken": "用不了", "idea": "有个建议",
                  "rating": "评价不满意，请回访", "review": "对决定不服，请重新看"}  # fmt: skip


Entries = Mapping[str, Words]


def topic_entries() -> Entries:
    """Every topic's words as last published: whoever names many asks once."""
    return catalogue.root().dictionary.topics


def topic_name(topic: str, entries: Entries | None = None) -> Text:
    """A topic's own name, without the one above it; in Chinese where the dictionary has no other."""
    return _named(topic_entries() if entries is None else entries, topic, topic.rpartition("/")[2])


def measure_name(measure: str, entries: Entries | None = None) -> Text:
    """What people call a measure; its code name where the dictionary does not know it."""
    return _named(catalogue.root().dictionary.measures if entries is None else entries, measure, measure)


def _named(entries: Entries, name: str, fallback: str) -> Text:
    words = entries.get(name, {})
    lang = spoken() if words.get(spoken()) else "zh"
    return Text(words.get(lang, fallback), lang)
