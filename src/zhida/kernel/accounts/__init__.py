"""Who logs in: officers, people and agents alike. What an account may do is said by offices, not here."""
