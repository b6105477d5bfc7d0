"""What registers write: cells and files as facts, facts as columns, whose word is latest, what an old place means."""

from zhida.domain.registers.places import PlaceBook, read_places
from zhida.domain.registers.transforms import Transform, Unfit, number, transform

__all__ = ["PlaceBook", "Transform", "Unfit", "number", "read_places", "transform"]
