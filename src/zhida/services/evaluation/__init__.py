"""A policy after a year (政策评估): what was forecast and what came, who was refused and why, how long it took, what
people said, whether its sources still speak and when it has to be looked at again. Sums alone, small cells hidden.

Start at `evaluating`; `records` are what it gives.
"""
