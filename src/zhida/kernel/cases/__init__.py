"""Cases: one claim of one subject for one item, from its first word to its last; the only app that sees all others."""
