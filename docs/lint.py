"""Writes docs/reference/lint.md from the catalogue of checks: what each finds, what decides it, who mends it.

Run `python -m docs.lint PLANTED FOUND` after adding a check or when its figures change; tests/conformance/test_lint.py
fails while the page is behind, and knows the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from zhida.domain.packs.lint import CHECKS, Check, hint_of

PAGE = Path(__file__).resolve().parent / "reference" / "lint.md"
_HEAD = """# Lint

Made from the catalogue of checks by `docs/lint.py`.

`zhida pack check` refuses what is not sound: an unknown name, a unit that does not fit, a gap in a table. `zhida pack
lint` looks at sound packs for
what is wrong or doubtful all the same, and tells what `check` refuses too:

```
zhida pack lint                                  # every pack of ./packs, for today
zhida pack lint packs/yunze/trade-growth-award   # one pack
zhida pack lint --json --on 2026-06-01           # for a machine, and for another day
zhida pack lint --entitled FILE --budget FILE    # can the budget carry those entitled?
```

Each finding has file, line and column, words in Chinese and English, and says who can mend it. The exit status is 1
where anything is found.
`--entitled` takes `{"<pack>/<item>": {"entitled": 1200, "amount_fen": 36000000}}` or what `zhida screen --json`
printed, `--budget` takes
`{"<budget line>": fen}`.

## What decides

*structure*, *intervals* and *the text* need nothing. *solver* is Z3, an extra (`pip install zhida[lint]`); without it
those checks are left out and the
report says so ([why a solver, and how it is held to the truth](../adr/0011-a-solver-for-lint.md)). Unknown is not
false: a condition counts as never
true only where nobody meets it however much is known, and as always true where it refuses nobody whose facts are
known.

## How well it finds

`tests/conformance/test_lint.py` plants defects of 49 kinds of edit in the packs that come with Zhida, drawn by seed,
and looks for each where it stands.

| | |
| --- | --- |
| planted, seed 20261122 | PLANTED |
| told, with the right code, file and line | FOUND |
| false alarms on the 16 packs as they are | 0 |

Seeds 1 to 4 gave 108, 109, 109 and 106 of 110. The kinds of defect were chosen by those who wrote the checks:
defects of kinds that nobody thought
of are not in the figure.

What it misses:

- An amount that only a subject with records breaks (hires, members, earlier grants): a model is not made into
  records, so nothing is confirmed.
- A wrong figure that the cited words happen to have as well, or that cites words without any figure; a wrong
  attribute with the right figure.
- A figure compared with a field of a record inside `some` or `every`: its unit is not looked up, so the whole text
  may bear it out.
- A month or a year counted from a date is held between its shortest and its longest, not to the day; sums over
  records only to not being negative.
- Rounding at the 34th digit. Codes of a tree that together are all of their parent.
- Whether a clause was left out of the rules: `check` asks for a rule or an explanation of each, not for the right
  one.

## Checks

| code | what it finds | decided by | who mends it, and how | for example |
| --- | --- | --- | --- | --- |
"""


def page(planted: int, found: int) -> str:
    """The whole page in Markdown, with the figures of the planted defects."""
    rows = [_row(code, check) for code, check in sorted(CHECKS.items())]
    return _HEAD.replace("PLANTED", str(planted)).replace("FOUND", str(found)) + "\n".join(rows) + "\n"


def _row(code: str, check: Check) -> str:
    cells = [f'<a id="{code}"></a>`{code}`', f"{check.en}<br>{check.zh}", check.by, hint_of(code, "en"), check.example]
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(int(sys.argv[1]), int(sys.argv[2])), "utf-8")
