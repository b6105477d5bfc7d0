"""Every hostile document, read: refused with a problem that says who can mend it, or read without its sting."""

from __future__ import annotations

import time

from tests.hanging import HUNG_S
from tests.hostile.documents import Sent, documents
from zhida.domain.errors import AuthorError
from zhida.services.structuring import read_document


def faults_of(sent: Sent) -> list[str]:
    """What is wrong with how a document was read."""
    began = time.process_time()
    try:
        read = read_document(sent.name, sent.body)
    except AuthorError as refused:
        codes = {problem.code for problem in refused.problems}
        wrong = [] if codes <= set(sent.refused) else [f"refused with {codes}"]
    else:
        text = "\n".join(paragraph.text for paragraph in read.paragraphs)
        wrong = [f"read: {text[:200]}"] if sent.refused else [one for one in sent.gone if one in text]
    took = time.process_time() - began
    return [*wrong, f"took {took:.1f} s"] if took > HUNG_S else wrong


def test_a_document_is_refused_or_harmless() -> None:
    assert {sent.case: wrong for sent in documents() if (wrong := faults_of(sent))} == {}
