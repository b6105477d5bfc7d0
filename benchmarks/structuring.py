"""How well documents are read: the figures of docs/explanation/structuring.md, printed text by text with every mistake.

Run `python -m benchmarks.structuring`; it needs the official texts of ../shared/data, which the project does not hold.
"""

from __future__ import annotations

import re
from collections import Counter

from tests.conformance.test_structuring import (
    LABELS,
    expanded,
    head,
    labelled_amounts,
    own_anchors,
    read,
    read_amounts,
    shares,
    without_role,
)


def main() -> None:
    """Prints each text's figures and mistakes, then the sums over all."""
    totals: Counter[str] = Counter()
    for name in LABELS:
        found, wanted = own_anchors(read(name)), expanded(LABELS[name]["anchors"])
        numbered = {each for each in found if not re.search(r"(^|-)p\d+$", each)}
        there, labelled = read_amounts(read(name)), labelled_amounts(name)
        sums, roles = shares(without_role(there), without_role(labelled)), shares(there, labelled)
        extra = sorted(numbered - wanted)
        print(f"{name}: clauses {len(found & wanted)}/{len(wanted)}, besides {extra}, missed {sorted(wanted - found)}")
        print(f"  sums right/found/labelled {sums}, with what they are {roles}")
        print(f"  wrong {dict(there - labelled)}; missed {dict(labelled - there)}")
        for entry, (said, right) in head(name).items():
            totals["head"] += 1
            totals["head right"] += said == right
            if said != right:
                print(f"  {entry}: read {said}, right {right}")
        totals.update({"clauses": len(wanted), "clauses right": len(found & wanted), "clauses besides": len(extra)})
        totals.update({"sums": sums[2], "sums found": sums[1], "sums right": sums[0], "sums and roles right": roles[0]})
    print(dict(totals))


if __name__ == "__main__":
    main()
