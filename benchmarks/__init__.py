"""Measurements that nobody's data is needed for: `make bench` runs a small one, `make bench SCALE=province` the whole."""
