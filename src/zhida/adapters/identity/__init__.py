"""Identity services by OpenID Connect: authorization code with PKCE, and nothing believed that is not signed for us."""

from zhida.adapters.identity.client import OidcIdentities
from zhida.adapters.identity.settings import read_providers

__all__ = ["OidcIdentities", "read_providers"]
