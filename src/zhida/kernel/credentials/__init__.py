"""Licences and certificates that anyone can check: signed, dated, revocable, disclosed claim by claim."""
