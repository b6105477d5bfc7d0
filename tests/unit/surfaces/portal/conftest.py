"""The installation of the API's tests, seen through the portal."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.kernel.accounts.models import Account

__all__ = ["Place", "place", "published", "signed_in"]


@pytest.fixture
def signed_in(place: Place) -> Client:
    """The first firm's agent, logged in."""
    client = Client()
    client.force_login(Account.objects.get(pk=place.owner))
    return client
