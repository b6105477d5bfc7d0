"""Pages under load: a large installation on PostgreSQL, gunicorn, and a client that does not wait."""
