"""Departments in a tree over regions; the people in them, their duties and mandates; the working calendar.

An office's id is its slug, as packs write it, and a region's is its division code.
"""
