"""Identities proven elsewhere: somebody whom a province's identity service knows gets an account here, and acts for
whom that service says, for as long as it says so."""
