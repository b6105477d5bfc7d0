"""What has been published: policies, their clauses, their items, and every revision of a pack kept whole."""
