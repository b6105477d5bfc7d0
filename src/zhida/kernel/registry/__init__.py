"""Subjects and what is known of them: batches from sources, overlays of single changes, snapshots for screening."""
