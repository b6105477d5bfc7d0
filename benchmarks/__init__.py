"""Measurements on made-up data: `make bench` runs a small one, `make bench SCALE=province` the whole."""
