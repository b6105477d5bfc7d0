"""Files of four formats read into paragraphs; what is hostile, locked, broken or a mere picture is refused plainly."""

from zhida.services.structuring.reading.files import read_document

__all__ = ["read_document"]
