"""Vouching: other platforms of the city log their people in here, and are told no more of them than each permitted."""
