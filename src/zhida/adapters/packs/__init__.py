"""What packs were read to, kept in a folder of the home: so that a process that begins need not read them again."""

from zhida.adapters.packs.folder import FormFolder
from zhida.adapters.packs.forms import KeptForms

__all__ = ["FormFolder", "KeptForms"]
