"""Conditions that stand inside the sentence of a benefit: 对上一年度…30件以上的单位给予…; 65周岁以上老年人持…乘坐…."""

from __future__ import annotations

import re

from zhida.services.structuring.conditions import Condition, condition_in
from zhida.services.structuring.phrases import BARE_KIND, Reader
from zhida.services.structuring.roles import Role

_WHOM = r"企业|单位|机构|团队|基金|组织|人才|人员|老年人|公民|居民|残疾人|家庭"
_GIVEN = r"，|给予|予以|应当|应|按|进行"
_SENTENCE = re.compile(r"[^。；;\n]+")
_FORMS = (
    re.compile(rf"对(?:于)?(?P<span>[^，。；:对]{{4,80}}?(?:{_WHOM}))(?={_GIVEN})"),
    re.compile(rf"为(?P<span>[^，。；:为]{{8,60}}?(?:{_WHOM}))(?=提供)"),
    re.compile(
        rf"^\s*(?:【[^】]*】)?(?P<span>[^。；:]{{4,80}}?(?:{_WHOM}|凭证))，?(?:在[^，]{{2,30}}，)?"
        r"(?=可|均可|享受|免费|给予|乘坐|办理|接受|且?年度|对其|分别|同时符合)"
    ),
    re.compile(r"(?P<span>申[请报][^，,。；:]{2,20}的事由应?当?发生在申[请报]日前[^，。；]{2,8}内)"),
)
_READ = (Role.BENEFIT, Role.PROCESS, Role.NONE, Role.CLOCK, Role.CONDITION)


def embedded_in(text: str, start: int, role: Role, reader: Reader) -> list[Condition]:
    """The conditions inside a clause's sentences, at most one to a sentence; only those of which something can be
    computed."""
    found: list[Condition] = []
    for sentence in _SENTENCE.finditer(text, start) if role in _READ else ():
        for form in _FORMS:
            match = form.search(sentence.group(0))
            if match is None:
                continue
            begin, end = sentence.start() + match.start("span"), sentence.start() + match.end("span")
            condition = condition_in(text[:end], reader, start=begin)
            if any(part.kind == "computed" and part.confidence != BARE_KIND for part in condition.parts):
                found.append(condition)
                break
    return found
