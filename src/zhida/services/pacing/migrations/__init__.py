"""Migrations of pacing."""
