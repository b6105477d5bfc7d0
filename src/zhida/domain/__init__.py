"""The matter of Zhida in pure Python: values, rules, processes, postings, proofs and packs. No I/O, no clock, no Django."""
