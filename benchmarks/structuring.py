"""How well documents are read: the figures of docs/explanation/structuring.md, printed text by text with every mistake.

Run `python -m benchmarks.structuring`; it needs the official texts of ../shared/data, which the project does not hold.
The conditions of the service items there are a check on sentences that no rule was made for: the certain ones are
printed for a person to judge.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

from tests.conformance import test_facts_by_meaning as meaning
from tests.conformance.test_structuring import (
    LABELS,
    TEXTS,
    expanded,
    head,
    labelled_amounts,
    own_anchors,
    read,
    read_amounts,
    shares,
    sure_sums,
    without_role,
)
from tests.conformance.test_structuring_conditions import LABELS as CONDITIONS
from tests.conformance.test_structuring_conditions import (
    besides,
    of_label,
    outcome,
    outcomes,
    real_dictionary,
    spans,
)
from tests.conformance.test_structuring_conditions import read as read_there
from zhida.domain.values import SubjectKind
from zhida.services.structuring.characters import plain
from zhida.services.structuring.conditions import condition_in
from zhida.services.structuring.facts import Facts
from zhida.services.structuring.phrases import Reader
from zhida.services.structuring.places import Places
from zhida.services.structuring.plan import SURE, plan_of

_ITEMS = TEXTS.parent.parent / "services" / "gd_service_items.jsonl.gz"
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*)+")


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
    tell_conditions()
    tell_rules()
    tell_held_out()
    tell_facts()


def tell_conditions() -> None:
    """Every labelled condition that is not right as it stands, what is certain besides, and the sums."""
    for name, labels in CONDITIONS.items():
        for key, label in labels.items():
            found, said = of_label(name, key), outcome(name, key)
            if said not in ("right", "left"):
                print(f"  {name} {key} {said}: {label['feel']} / {found.condition.feel if found else ''}")
        for each in besides(name):
            print(f"  {name} {each.anchor} besides: {each.condition.feel}")
    labelled = [label for labels in CONDITIONS.values() for label in labels.values() if not label.get("late")]
    typed = sum(bool(label["feel"]) for label in labelled)
    right, found_spans, wanted = spans()
    print(f"conditions {len(labelled)}, of which {typed} can be computed: {dict(outcomes())}")
    print(f"paragraphs that are conditions: right {right}, found {found_spans}, labelled {wanted}")
    new = [fact for name in CONDITIONS for each in read_there(name).in_force() for p in each.passages
           for c in p.conditions if c.feel for fact in c.new]  # fmt: skip
    print(f"facts proposed for the dictionary: {len({fact.name for fact in new})}")


def tell_rules() -> None:
    """The rules of sums that were made, beside the clauses that give a sum or a rate."""
    made = sure = clauses = 0
    told: set[tuple[str, str]] = set()
    for name in LABELS:
        for item in plan_of(read_there(name), "").items:
            if item.rule:
                made, told = made + 1, told | {(name, anchor) for anchor in item.rule.cites}
                print(f"  {name} {item.name} {item.rule.shape}: {item.rule.feel} {item.rule.rows or ''}")
        giving = ("fixed", "per_unit", "cap")
        for reading in read_there(name).in_force():
            sums = [each for passage in reading.passages for each in passage.amounts if each.role in giving]
            clauses += bool(sums or any(each.role == "share" for p in reading.passages for each in p.rates))
        sure += len(sure_sums(name))
    print(f"clauses with a sum or share that is given {clauses}, with a rule {len(told)}; rules {made}, certain {sure}")


def tell_held_out() -> None:
    """What is certain among the sentences of service items, for a person to judge."""
    dictionary = real_dictionary()
    places = Places(dictionary.code_trees.get("region"), "440000")
    reader = Reader(Facts(dictionary, SubjectKind.ORGANISATION), places, False)
    with gzip.open(_ITEMS) as packed:
        rows = [json.loads(line) for line in packed]
    lines = {
        _NUMBERED.sub("", part).strip()
        for row in rows
        for part in re.split(r"[\n\r]+|(?<=[。；;])", row["accept_standard"] or "")
    }
    sentences = sorted(each for each in lines if 6 <= len(each) <= 150)
    said = [(each, condition_in(plain(each), reader)) for each in sentences]
    sure = [(each, found) for each, found in said if found.feel and found.confidence >= SURE]
    for each, found in sure:
        print(f"  {each} / {found.feel} / {[(fact.name, fact.words) for fact in found.new]}")
    partly = sum(bool(found.feel) and found.confidence < SURE for _, found in said)
    print(f"sentences of service items {len(sentences)}: certain {len(sure)}, in part and said unsure {partly}")


def tell_facts() -> None:
    """How often the fact meant is the first one offered, and among the first five; and what is taken silently."""
    for half in meaning.LABELS:
        said = [*meaning.phrases(half)]
        for each in said:
            offered = meaning.found(each)
            if each.fact and each.fact not in offered[:1]:
                print(f"  {half} {each.words}: {each.fact} / {offered[:5]}")
        wrong = [each.words for each in said if meaning.certain(each) - {each.fact}]
        print(f"facts by phrase, {half}: {meaning.hits(half, 1)}, in five {meaning.hits(half, 5)}, silent {wrong}")


if __name__ == "__main__":
    main()
