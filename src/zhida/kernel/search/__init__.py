"""Search over public documents: documents in, ranked hits out. No tables: one index a host, in a folder of the home."""
