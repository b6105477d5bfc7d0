"""How the tables of this app came to their present shape."""
