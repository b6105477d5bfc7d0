"""A treasury in a process of its own, for trials and tests: it pays nobody, keeps its own books, and can misbehave.

    zhida simulate treasury --port 8461 --home DIR [--seed SEED] [--no-deduplication] [--files FOLDER] [--anomaly all]

POST /payments          a pain.001.001.09              -> {"answers": [answer, …]}
POST /payments/query    {"references": [text, …]}      -> {"answers": [answer, …]}
GET  /statements/DAY                                   -> a camt.053.001.08
POST /returns           {"reference", "reason", "on"}  -> {"answers": [answer]}: a payment comes back
GET  /about                                            -> {"deduplicates": bool}

An answer is {reference, word, amount_fen, treasury_reference, reason, booked_on}. An account ending in 0000 is refused
as closed; money paid to one ending in 9999 comes back the next day.
"""
