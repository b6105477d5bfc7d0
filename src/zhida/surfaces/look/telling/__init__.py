"""Turning what the kernel answers into what a page prints: facts, packs, amounts, steps, in the page's language."""
