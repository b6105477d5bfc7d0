"""A program that is really killed: SIGKILL at the n-th boundary, started again until idle, compared with the bank.

Read it in this order. `boundary`: what counts as one. `sqlite` and `postgresql`: database backends that see each
statement and each COMMIT. `forking`: children of a warmed parent. `world`: a small province whose treasury is a process
of its own. `flows`: the seven ways of the money that are killed. `campaign`: many kills, and what they came to.
"""
