"""When a test calls something hung: no busy machine needs as long, and what grows without bound needs longer."""

HUNG_S = 30.0
"""Seconds. How fast things are is measured in `benchmarks/`, where nothing else runs; tests only ask for an end."""
