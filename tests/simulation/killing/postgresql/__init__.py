"""Django's PostgreSQL backend with boundaries."""
