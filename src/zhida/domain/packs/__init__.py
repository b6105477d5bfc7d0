"""Packs: a policy as data. Read and check a root, run its worked examples, grade it, revise it, put it into words.

Everything takes bytes by path; who opens files is the command line and the catalogue. Start at `read_root`.
"""

from zhida.domain.packs.cases import Expectation, GoldenCase
from zhida.domain.packs.checks.wording import nameless_values
from zhida.domain.packs.clauses import Clause
from zhida.domain.packs.dictionary import (
    Attribute,
    BudgetLineEntry,
    Dictionary,
    FieldClass,
    OfficeEntry,
    RelationAttribute,
)
from zhida.domain.packs.differences import Change, diff
from zhida.domain.packs.forms import Form, Paper, Question
from zhida.domain.packs.golden import CaseResult, GoldenReport, run_golden
from zhida.domain.packs.groups import Group
from zhida.domain.packs.items import (
    Benefit,
    BenefitKind,
    Claim,
    Counted,
    Item,
    Obligation,
    Quota,
    Ranking,
    Schedule,
)
from zhida.domain.packs.mutants import Mutant, MutantReport, run_mutants
from zhida.domain.packs.pack import Document, OwnerReading, Pack
from zhida.domain.packs.phrases import how_much, reason_words, title
from zhida.domain.packs.published import Keeping, read_published
from zhida.domain.packs.ranking import Claimed, Place, release, share_out
from zhida.domain.packs.revision_files import sha256
from zhida.domain.packs.revisions import Revision, read_revision, revision_of
from zhida.domain.packs.root import Root, read_pack, read_root, split_root
from zhida.domain.packs.skeleton import new_pack
from zhida.domain.packs.tiers import ReplayEvidence, Tier, TierName, is_read_by_owner, reading_digest, tier_of
from zhida.domain.packs.wording import ItemWords, RequirementWords, Template, Wording

__all__ = [
    "Attribute",
    "Benefit",
    "BenefitKind",
    "BudgetLineEntry",
    "CaseResult",
    "Change",
    "Claim",
    "Claimed",
    "Clause",
    "Counted",
    "Dictionary",
    "Document",
    "Expectation",
    "FieldClass",
    "Form",
    "GoldenCase",
    "GoldenReport",
    "Group",
    "Item",
    "ItemWords",
    "Keeping",
    "Mutant",
    "MutantReport",
    "Obligation",
    "OfficeEntry",
    "OwnerReading",
    "Pack",
    "Paper",
    "Place",
    "Question",
    "Quota",
    "Ranking",
    "RelationAttribute",
    "ReplayEvidence",
    "RequirementWords",
    "Revision",
    "Root",
    "Schedule",
    "Template",
    "Tier",
    "TierName",
    "Wording",
    "diff",
    "how_much",
    "is_read_by_owner",
    "nameless_values",
    "new_pack",
    "read_pack",
    "read_published",
    "read_revision",
    "read_root",
    "reading_digest",
    "reason_words",
    "release",
    "revision_of",
    "run_golden",
    "run_mutants",
    "sha256",
    "share_out",
    "split_root",
    "tier_of",
    "title",
]
