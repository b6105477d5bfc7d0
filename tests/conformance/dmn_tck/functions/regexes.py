"""`matches`, `replace` and `split` (DMN 1.5, clause 10.3.4.3) over XPath regular expressions."""

from __future__ import annotations

import re

from tests.conformance.dmn_tck.functions.signatures import builtin
from tests.conformance.dmn_tck.xpath_regex import compiled

_GROUP = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")


@builtin("matches(input: string, pattern: string, [flags: string|null])")
def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    regex = compiled(pattern, flags or "")
    return None if regex is None else regex.search(text) is not None


@builtin("replace(input: string, pattern: string, replacement: string, [flags: string|null])")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    regex = compiled(pattern, flags or "")
    if regex is None:
        return None
    template = replacement.replace("\\", "\\\\").replace("$", "\\$") if "q" in (flags or "") else replacement
    if any(loose for _, _, loose in _GROUP.findall(template)):
        return None
    return regex.sub(lambda match: _GROUP.sub(lambda group: _filled(group, match), template), text)


@builtin("split(string: string, delimiter: string)")
def split(text: str, delimiter: str) -> list[str] | None:
    regex = compiled(delimiter, "")
    if regex is None:
        return None
    found, begin = [], 0
    for match in regex.finditer(text):
        if match.end() > match.start():
            found.append(text[begin : match.start()])
            begin = match.end()
    return [*found, text[begin:]]


def _filled(group: re.Match[str], match: re.Match[str]) -> str:
    """What stands for `$2` of a replacement: of `$23` only as many digits as there are groups."""
    escaped, digits, _ = group.groups()
    if escaped:
        return escaped
    length = len(digits)
    while length > 1 and int(digits[:length]) > match.re.groups:
        length -= 1
    number = int(digits[:length])
    return ((match.group(number) or "") if number <= match.re.groups else "") + digits[length:]
