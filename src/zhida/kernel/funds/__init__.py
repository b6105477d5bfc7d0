"""Public money from a budget line to an account: reserved, instructed, settled or voided, and reconciled."""
