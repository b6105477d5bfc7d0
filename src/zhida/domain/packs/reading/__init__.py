"""Reading pack files strictly: YAML 1.2 into placed nodes, nodes into typed values, every mistake collected with its place."""
