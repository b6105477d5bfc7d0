"""What happened, append-only: facts as rows of their action's transaction, put into a Merkle tree a moment later."""
