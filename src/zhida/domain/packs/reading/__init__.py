"""Reading pack files strictly: YAML into placed nodes, nodes into typed values, every mistake noted with its place."""
