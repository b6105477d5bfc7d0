"""The API against its own contract, by schemathesis, as nobody, as a firm, as a person and as a reviewer."""
