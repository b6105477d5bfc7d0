"""Lint: what is wrong or doubtful in a pack that is sound. Start at `lint`; `catalogue` names every check."""

from zhida.domain.packs.lint.budgets import Load
from zhida.domain.packs.lint.catalogue import CHECKS, Check, hint_of
from zhida.domain.packs.lint.findings import Finding, Mender
from zhida.domain.packs.lint.whole import LintReport, lint

__all__ = ["CHECKS", "Check", "Finding", "LintReport", "Load", "Mender", "hint_of", "lint"]
