"""Packs on the desk before they are published: working copies, who may publish them, and the way back.

Start at `working` (drafts and their edits), `checking` (everything that is wrong, at once), `publishing` (two persons).
"""
