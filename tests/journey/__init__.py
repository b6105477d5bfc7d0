"""Journeys: a real browser against a real installation, by the ways that people take."""
