"""The one queue: effects written with their action, sent after its commit, at least once, idempotent by key."""
