"""How often one person, or one address, may ask for the same kind of thing."""
