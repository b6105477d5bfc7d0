"""The text of pack files: YAML read strictly into placed nodes, nodes into typed values, every mistake noted."""
