"""Forms half filled in: kept on the server field by field, until they are handed in, thrown away or grow old."""
