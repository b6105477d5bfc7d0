"""From a policy's text to a draft pack: read the file, understand its clauses, propose every entry with its source.

Start at `read_document` (bytes to paragraphs) and `draft_pack` (paragraphs to a pack's files and proposals). A grammar
and the dictionary do the work: no network, no chance, no model; the same file gives the same bytes. Only
`ask_endpoint`, which nobody calls unasked, asks a machine elsewhere.
"""

from zhida.services.structuring.accepting import (
    DRAFTED,
    PENDING,
    accept,
    carried,
    instead,
    says_nothing,
    speaks_of_new,
    with_fact,
)
from zhida.services.structuring.asking import ask_endpoint
from zhida.services.structuring.attributes import likely_holder
from zhida.services.structuring.document import Document, Note, Paragraph
from zhida.services.structuring.drafting import NO_NUMBER, Draft, draft_pack, place_fact, with_more
from zhida.services.structuring.facts import digest_of
from zhida.services.structuring.genre import refuse_no_policy
from zhida.services.structuring.header import is_no_title
from zhida.services.structuring.picking import Likely, attributes_like, likely_attributes
from zhida.services.structuring.places import UNKNOWN_PLACE, own_place_in
from zhida.services.structuring.reading import read_document
from zhida.services.structuring.structure import Structure, structure
from zhida.services.structuring.units import ONE_YUAN, YES_OR_NO, unit_behind, without_unit

__all__ = [
    "DRAFTED",
    "NO_NUMBER",
    "ONE_YUAN",
    "PENDING",
    "UNKNOWN_PLACE",
    "YES_OR_NO",
    "Document",
    "Draft",
    "Likely",
    "Note",
    "Paragraph",
    "Structure",
    "accept",
    "ask_endpoint",
    "attributes_like",
    "carried",
    "digest_of",
    "draft_pack",
    "instead",
    "is_no_title",
    "likely_attributes",
    "likely_holder",
    "own_place_in",
    "place_fact",
    "read_document",
    "refuse_no_policy",
    "says_nothing",
    "speaks_of_new",
    "structure",
    "unit_behind",
    "with_fact",
    "with_more",
    "without_unit",
]
