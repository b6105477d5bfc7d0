"""Zhida (直达): from a policy's text to money in the right account, every step proved."""
