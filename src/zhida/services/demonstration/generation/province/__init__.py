"""A whole made-up province at any scale: its code trees and dictionary, its packs, and its organisations.

Everything is a function of a seed. `files` is a pack root in the true format, `programs` what reading it would give
without the way over YAML, `tables` the organisations as a snapshot holds them. docs/how-to/make-a-province.md.
"""

from zhida.services.demonstration.generation.province.items import files, programs
from zhida.services.demonstration.generation.province.people import AS_OF, crowd, tables
from zhida.services.demonstration.generation.province.world import dictionary

__all__ = ["AS_OF", "crowd", "dictionary", "files", "programs", "tables"]
