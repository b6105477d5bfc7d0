"""What is put where an address, a query, a head or a body expects something else."""

from __future__ import annotations

import json

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

_NAMES = ("q", "page", "item", "region", "on", "year", "sort", "facts", "from", "to", "next", "limit", "after")


def _everywhere(value: str) -> str:
    """The value under each name that our pages and calls read."""
    return "&".join(f"{name}={value}" for name in _NAMES)


QUERIES = {
    "a NUL in a query": _everywhere("%00"),
    "invalid UTF-8 in a query": _everywhere("%ff%fe"),
    "half a surrogate pair in a query": _everywhere("%ed%a0%80"),
    "an unfinished escape": _everywhere("%e4%b8") + "&q=%",
    "a script in a query": _everywhere("%3Cscript%3Ealert(1)%3C/script%3E"),
    "a script that leaves an attribute": _everywhere("%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
    "a template in a query": _everywhere("%7B%7B7*7%7D%7D%7B%25+debug+%25%7D"),
    "SQL in a query": _everywhere("'%20OR%201=1;--"),
    "an operator of full text": _everywhere("%22%20OR%20*%20NEAR(a,b)%20AND%20NOT%20(("),
    "a filter's other words": "q__regex=(a%2B)%2B%24&item__name__contains=x&id__in=1,2",
    "a slow pattern": _everywhere("a" * 40 + "!") + "&q=(a%2B)%2B%24",
    "a path in a query": _everywhere("../../../../etc/passwd"),
    "an address of the machine": _everywhere("http://169.254.169.254/latest/meta-data/"),
    "a file's address": _everywhere("file:///etc/passwd"),
    "a number of 400 figures in a query": _everywhere("9" * 400),
    "a number below zero in a query": _everywhere("-1"),
    "a number that is none": _everywhere("NaN"),
    "an endless number": _everywhere("1e999999"),
    "a number with signs of another script": _everywhere("%D9%A1%D9%A2"),
    "a page beyond all": _everywhere(str(2**63)),
    "a day that is none": _everywhere("2026-02-30"),
    "a year before all": _everywhere("0000-00-00"),
    "4,000 letters in a query": _everywhere("a" * 4_000),
    "10,000 words in a query": "q=" + "%E8%A1%A5+" * 10_000,
    "900 names in a query": "&".join(f"n{number}=1" for number in range(900)),
    "5,000 names in a query": "&".join(f"n{number}=1" for number in range(5_000)),
    "one name 900 times": "&".join(["q=1"] * 900),
    "names without values": "&&&=&q&=x&q=&&",
    "names of an object's inside": "__proto__[a]=1&constructor=1&__class__=1",
    "turned letters in a query": _everywhere("%E2%80%AEtxt"),
    "a line end in a query": _everywhere("x%0d%0aSet-Cookie:%20owned=1"),
}
"""Queries, sent to every public page as they stand."""

HEADS = {
    "another host": {"Host": "evil.example"},
    "another host behind a gate": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    "a host with a path": {"Host": "testserver/evil.example"},
    "a host with a name before it": {"Host": "testserver@evil.example"},
    "another address of the sender": {"X-Forwarded-For": "'; DROP TABLE x;--", "X-Real-IP": "::1%evil"},
    "another path": {"X-Original-URL": "/desk/", "X-Rewrite-URL": "/desk/"},
    "another verb": {"X-HTTP-Method-Override": "DELETE"},
    "an origin elsewhere": {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
    "a language of 10,000 parts": {"Accept-Language": ",".join(f"x{n};q=0.{n}" for n in range(10_000))},
    "a language that is a path": {"Accept-Language": "../../../etc/passwd"},
    "a kind of 5,000 parts": {"Accept": ",".join(["a/b;q=0.1"] * 5_000)},
    "a session that is none": {"Cookie": "sessionid=" + "x" * 4_000 + '; csrftoken="\\"'},
    "9,000 cookies": {"Cookie": "; ".join(f"c{n}=1" for n in range(9_000))},
    "a cookie with a script": {"Cookie": "language=<script>alert(1)</script>; mode=../x; elder=\x01"},
    "a range that is none": {"Range": "bytes=9999999999-0,1-2,-5", "If-Range": "x"},
    "days that are none": {"If-Modified-Since": "Thu, 99 Foo 9999 99:99:99 GMT", "If-None-Match": '"' * 500},
}
"""Heads, sent to public pages and to those behind a log-in."""

BODIES = {
    "no body": b"",
    "a body of spaces": b" " * 10_000,
    "a body cut off": b'{"item": "a',
    "a list for an object": b"[]",
    "null for an object": b"null",
    "a text for an object": b'"x"',
    "a list of lists 100,000 deep": b"[" * 100_000,
    "an object 20,000 deep": b'{"facts":' * 20_000 + b"1" + b"}" * 20_000,
    "a number of 400,000 figures": b'{"item": ' + b"9" * 400_000 + b"}",
    "a number with an endless exponent": b'{"facts": {"staff": 1e999999999}}',
    "NaN and Infinity": b'{"facts": {"staff": NaN, "wages_fen": -Infinity}}',
    "a name twice": b'{"item": "x", "item": "y"}',
    "invalid UTF-8 in a body": b'{"item": "\xff\xfe"}',
    "half a surrogate pair in a body": rb'{"item": "\ud800"}',
    "a NUL in a body": rb'{"item": "\u0000", "subject": "\u0000"}',
    "a mark before the text": b"\xef\xbb\xbf{}",
    "UTF-16 in a body": json.dumps({"item": "x"}).encode("utf-16"),
    "100,000 names in a body": json.dumps({"facts": {f"n{number}": 1 for number in range(100_000)}}).encode(),
}
"""Bodies, sent as JSON to every call that takes one."""

KINDS = {
    "JSON called a form": "application/x-www-form-urlencoded",
    "JSON called parts without an edge": "multipart/form-data",
    "JSON called parts with a wrong edge": "multipart/form-data; boundary=" + "x" * 300,
    "JSON called XML": "application/xml",
    "JSON in a set of signs that is none": "application/json; charset=x-none",
    "JSON in UTF-7": "application/json; charset=utf-7",
    "JSON called nothing": "",
}
"""Content types that lie, sent with JSON to every call that takes a body."""
