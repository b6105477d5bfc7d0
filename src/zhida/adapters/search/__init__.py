"""Full-text search in this process: an index in a folder of the home, Chinese cut by a dictionary and heard."""

from zhida.adapters.search.index import FolderIndex

__all__ = ["FolderIndex"]
