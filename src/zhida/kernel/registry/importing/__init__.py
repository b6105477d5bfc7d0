"""Taking over a register kept elsewhere: a CSV, XLSX or Parquet file, and a mapping that says what its columns mean."""

from zhida.domain.registers import PlaceBook, read_places
from zhida.domain.registers.mapping import FileMapping, read_mapping
from zhida.kernel.registry.importing.intake import import_file

__all__ = ["FileMapping", "PlaceBook", "import_file", "read_mapping", "read_places"]
