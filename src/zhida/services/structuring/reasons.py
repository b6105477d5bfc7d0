"""Why something was read as it was, in both languages, by a code."""

from __future__ import annotations

from collections.abc import Mapping

_REASONS = {
    "more_beside": (
        "旁边还有可能限制它的话，没有读懂",
        "words beside it that may narrow it were not understood",
    ),
    "elsewhere": (
        "数额由别的文件规定，本文没有写",
        "the figure is set by another document and not said here",
    ),
    "heading": (
        "上级标题如此标明",
        "the heading above says so",
    ),
    "opener": (
        "列举前的引导语如此标明",
        "the words that open the list say so",
    ),
    "words": (
        "条文用语表明",
        "the clause's own words say so",
    ),
    "position": (
        "承接上级条款",
        "it stands below a clause that does the same",
    ),
    "nothing": (
        "没有条件、待遇、材料、流程、时限或追回的用语",
        "no words of condition, benefit, paper, process, term or recovery",
    ),
    "attachment": (
        "附件中的表格或模板",
        "a form or template of an attachment",
    ),
    "title_line": (
        "正文之前以文种结尾的一行",
        "a line before the words that ends as titles do",
    ),
    "linked_title": (
        "正文没有标题，取自解读链接中的书名号",
        "the page has lost its title; taken from a link to a reading of it",
    ),
    "own_line": (
        "文号单独成行",
        "the number stands on a line of its own",
    ),
    "signature": (
        "落款",
        "the signature",
    ),
    "before_about": (
        "标题中“关于”之前",
        "the names before 关于 in the title",
    ),
    "below_signature": (
        "落款之下的日期",
        "the date below the signature",
    ),
    "date_alone": (
        "单独成行的日期，可能是发布或失效日期",
        "a date on a line of its own; it may be of publication or expiry",
    ),
    "printed_on": (
        "只有印发日期",
        "only the day of printing is told",
    ),
    "named_exactly": (
        "与数据字典名称一致",
        "the dictionary's very name",
    ),
    "named_partly": (
        "与数据字典名称主体一致",
        "the core of the dictionary's name",
    ),
    "synonym": (
        "数据字典名称的同义词",
        "a synonym of the dictionary's name",
    ),
    "near_in_meaning": (
        "意思相近：数据字典里的{alike}；是同一件事就改用它，不另立",
        "near in meaning: the dictionary's {alike}; if it is the same thing, take that one",
    ),
    "period_not_said": (
        "原文未说明年度，按上一年度读取",
        "the text does not say which year; last year is taken",
    ),
    "unknown_attribute": (
        "数据字典没有对应事实，需与持有部门商定",
        "the dictionary has no such fact; agree on it with who holds it",
    ),
    "new_fact": (
        "数据字典没有这项事实，随条件一并提出，采纳后即可计算",
        "the dictionary has no such fact; it is proposed with the condition, which can be computed once it is accepted",
    ),
    "needs_judgement": (
        "用语开放，由人判断",
        "open words; a person's judgement",
    ),
    "unknown_place": (
        "地名不在行政区划树中，或不知“本区”“本市”指何处",
        "the tree of divisions does not hold the place, or nobody said which one 本区 or 本市 is",
    ),
    "bound_not_said": (
        "“之前”“之后”是否含当日没有规定",
        "no law says whether 之前 and 之后 include the day itself",
    ),
    "by_machine": (
        "由接入的语言模型提出，仅经语法和字典检查",
        "proposed by the endpoint of a language model; only its form was checked",
    ),
    "alternatives": (
        "同一条内有“或”，需人工拆分",
        "it speaks of alternatives; a person has to part them",
    ),
    "part_of_clause": (
        "只读出条文的一部分",
        "only part of the clause was read",
    ),
    "whole": (
        "条文全部读出",
        "the whole clause was read",
    ),
    "no_figure": (
        "没有可计算的数值或事实，按人工判断处理",
        "no figure or fact to compute; left to a person's judgement",
    ),
    "pattern": (
        "固定句式",
        "a fixed pattern of words",
    ),
    "by_role": (
        "条款作用如此",
        "what the clause does asks for it",
    ),
    "in_office_list": (
        "与机构名录一致",
        "the list of offices has this very name",
    ),
    "not_said": (
        "原文没有写，暂用占位，必须改",
        "the document does not say; a placeholder stands there and must be replaced",
    ),
    "counted": (
        "自印发之日起算",
        "counted from the day of issue",
    ),
    "words_of_topic": (
        "标题或正文用词与主题分类一致",
        "words of the title or text are those of the topic",
    ),
    "bound_by_law": (
        "含本数按民法典第1259条",
        "whether the figure is included follows article 1259 of the Civil Code",
    ),
}


def reason(code: str, **said: tuple[str, str]) -> Mapping[str, str]:
    """The words of a reason: {"code", "zh", "en"}; `said` are what it speaks of, each in both languages."""
    zh, en = _REASONS[code]
    told = [text.format(**{key: words[at] for key, words in said.items()}) for at, text in enumerate((zh, en))]
    return {"code": code, "zh": told[0], "en": told[1]}
