"""Django's SQLite backend, dying where `boundary` says."""

from django.db.backends.sqlite3 import base

from tests.simulation.killing.boundary import Committing


class DatabaseWrapper(Committing, base.DatabaseWrapper):
    """Statements and COMMIT are boundaries."""
