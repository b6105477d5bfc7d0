"""Whether a document is a policy at all: a novel, an invoice or a price list is told so, and no pack is made of it."""

from __future__ import annotations

import re

from zhida.domain.sentences import tell
from zhida.services.structuring.characters import plain
from zhida.services.structuring.document import Document
from zhida.services.structuring.header import header_of
from zhida.services.structuring.markers import marker_of
from zhida.services.structuring.reading.refusals import problem

_BINDING = re.compile(r"应当|不得|给予|按照|根据|依据|予以|有权|负责|可以向|方可|经认定|符合")
_MATTERS = re.compile(r"申请|申报|补贴|奖励|补助|资助|救助|优待|登记|许可|待遇|备案|审批|扶持|标准|保险")
_STATE = re.compile(
    r"人民政府|行政主管部门|主管部门|行政部门|管理部门|民政|财政|委员会|办事处|管委会|保障部门|受理部门"
)


def refuse_no_policy(name: str, document: Document) -> None:
    """Raises AuthorError for a document in which too little speaks of a policy: a title or number of one, numbered
    clauses, binding words, public matters, public offices. Three of the five are asked for."""
    text = "\n".join(plain(each.text) for each in document.paragraphs)
    header = header_of(document)
    numbered = sum(marker_of(plain(each.text)) is not None for each in document.paragraphs)
    signs = {
        tell("a title or number of a policy"): header.title is not None or header.number is not None,
        tell("numbered clauses"): numbered >= 2,
        tell("words that bind"): len(_BINDING.findall(text)) >= 2,
        tell("matters of policy"): len(_MATTERS.findall(text)) >= 2,
        tell("public offices"): len(_STATE.findall(text)) >= 1,
    }
    if sum(signs.values()) < 3:
        lacking = tuple(sign for sign, is_there in signs.items() if not is_there)
        words = tell("this does not look like a policy: it lacks {lacking}", lacking=lacking)
        raise problem(name, "not_a_policy", words, "give the issued document itself, not a report or a table about it")
