"""What is put where an address expects something else."""

from __future__ import annotations

PLACES = {
    "a path up": "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "a path up in plain": "../../../../etc/passwd",
    "a path up of Windows": "..%5c..%5cwindows%5cwin.ini",
    "a path up, twice escaped": "%252e%252e%252fetc%252fpasswd",
    "a path up that survives a filter": "....//....//etc/passwd",
    "the database beside the files": "..%2fzhida.sqlite3",
    "a NUL": "x%00.json",
    "invalid UTF-8": "%ff%fe%c0%af",
    "half a surrogate pair": "%ed%a0%80",
    "turned letters": "%e2%80%aetxt",
    "4,000 letters": "a" * 4_000,
    "a number of 400 figures": "9" * 400,
    "a number below zero": "-1",
    "a head of its own": "x%0d%0aSet-Cookie:%20owned=1",
    "a query in SQL": "x'%20OR%201=1;--",
    "a template": "{{7*7}}",
    "a script": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
}
