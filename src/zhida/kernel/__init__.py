"""The kernel: Django apps that run packs, one aggregate each, reached by their queries and actions only."""
