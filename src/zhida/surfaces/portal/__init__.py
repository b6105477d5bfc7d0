"""The portal: where people and firms find policies, learn what they can get, claim it, and follow it to the account."""
