"""Django's SQLite backend with boundaries."""
