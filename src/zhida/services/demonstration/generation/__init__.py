"""Made-up populations of any size from a seed: nobody in them is real, their codes belong to no real place.

What a firm or person looks like is data (`packs/_population/<kind>.yaml`, its words explained in `draws`); the
dictionary says which facts there are, and a fact that the data do not mention is drawn by its kind alone.
"""

from zhida.services.demonstration.generation.landing import land
from zhida.services.demonstration.generation.population import Population, SourceTable, generate
from zhida.services.demonstration.generation.portraits import Portrait, read_portraits

__all__ = ["Population", "Portrait", "SourceTable", "generate", "land", "read_portraits"]
