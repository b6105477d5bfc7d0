"""Engines over the same nodes: `one` a subject with its trace, `questions` what to ask, `columns` any program over
Arrow columns, `table` all items for everyone at once.

`one` is the judge: the others must agree with it, and property tests see that they do.
"""
