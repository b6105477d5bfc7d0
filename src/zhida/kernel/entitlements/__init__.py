"""Who may have what: one subject assessed, a whole population screened, and each benefit granted once."""
