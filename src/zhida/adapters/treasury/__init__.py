"""The treasury: a client that speaks HTTP to it, and a simulator that stands in for it on one machine."""
