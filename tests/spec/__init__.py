"""Tests that read like a manual."""
