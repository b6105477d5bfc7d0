"""Three engines over the same nodes: `one` a subject with its trace, `questions` what to ask, `table` a population.

`one` is the judge: the others must agree with it, and property tests see that they do.
"""
