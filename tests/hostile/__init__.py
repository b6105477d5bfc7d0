"""What a hostile hand sends: tables of cases, and the tests that send each through the real surface."""
