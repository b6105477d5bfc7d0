"""The open API: what the pages say and do, for machines, under /api/v1."""
