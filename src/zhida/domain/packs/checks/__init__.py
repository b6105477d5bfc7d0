"""What is looked at once a pack is read: clauses answered for, words complete, promises that hold together."""
