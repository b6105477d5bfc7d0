"""The register of organisations, asked about credit codes: an extract in a file stands in for the real one."""

from zhida.adapters.register.extract import ExtractRegister

__all__ = ["ExtractRegister"]
