"""The DMN TCK as judge of the rule language: full FEEL and DMN models run on our nodes, numbers and logic.

`python -m tests.conformance.dmn_tck PATH` takes the TCK as a zip or a folder. What packs do not have (null, contexts,
functions, times, durations) is evaluated here; arithmetic, Kleene logic, membership, rounding and the calendar are the
domain's own, so that a wrong one fails published cases.
"""
