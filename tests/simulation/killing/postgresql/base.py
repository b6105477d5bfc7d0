"""Django's PostgreSQL backend, dying where `boundary` says."""

from django.db.backends.postgresql import base

from tests.simulation.killing.boundary import Committing


class DatabaseWrapper(Committing, base.DatabaseWrapper):
    """Statements and COMMIT are boundaries."""
