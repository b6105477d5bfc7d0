"""What an officer keeps of a worklist: filters by name, and batches of decisions held back until released."""
