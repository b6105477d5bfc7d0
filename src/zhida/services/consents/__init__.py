"""Consents: what a person lets somebody see, for what, until when; every look is told, and it can be taken back."""
