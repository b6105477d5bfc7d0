"""What registers write, cell by cell: how a text becomes a value, and which place an old division code means now."""

from zhida.domain.registers.places import PlaceBook, read_places
from zhida.domain.registers.transforms import Transform, Unfit, number, transform

__all__ = ["PlaceBook", "Transform", "Unfit", "number", "read_places", "transform"]
