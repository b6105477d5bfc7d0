"""A second place for the log: its files kept and checked by somebody else, and damaged rows restored from there."""
