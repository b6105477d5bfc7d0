"""Keys kept in files of the home, readable by their owner only. A hardware module would stand behind the same ports."""

from zhida.adapters.keys.log_key import FileLogKey
from zhida.adapters.keys.registry_keys import FileRegistryKeys

__all__ = ["FileLogKey", "FileRegistryKeys"]
