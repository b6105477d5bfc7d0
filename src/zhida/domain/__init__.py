"""The matter of Zhida in pure Python: values, rules, processes, postings, proofs, packs. No I/O, clock or Django."""
