"""Figures kept: how far everything came, counted behind the pages, so that no page counts a million cases itself."""
