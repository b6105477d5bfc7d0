"""A small province that never was, run end to end: for newcomers, for trials, and for the tests of the main path."""
