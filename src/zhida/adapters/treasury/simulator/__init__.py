"""A treasury in a process of its own, for trials and tests: it pays nobody, keeps its own books, and can misbehave.

    python -m zhida.adapters.treasury.simulator --port 8461 --home DIR [--faults SEED] [--no-deduplication]

POST /payments          {"payments": [order, …]}       -> {"answers": [answer, …]}
POST /payments/query    {"references": [text, …]}      -> {"answers": [answer, …]}
GET  /statements/DAY                                   -> {"day", "count", "total_fen", "lines": [line, …]}
POST /returns           {"reference", "reason", "on"}  -> {"answers": [answer]}: a payment comes back
GET  /about                                            -> {"deduplicates": bool}

An order is {reference, account, name, amount_fen, purpose, requested_on}. An account ending in 0000 is refused as
closed; money paid to one ending in 9999 comes back the next day.
"""
