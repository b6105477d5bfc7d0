"""Every clause answered for: cited by a rule, an item, a paper or a step, or else explained."""

from __future__ import annotations

from zhida.domain.packs.reading.packs import Draft
from zhida.domain.packs.source.fields import nearest
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.sentences import tell


def check_coverage(draft: Draft, problems: Problems) -> None:
    """Notes clauses that nobody answers for, and citations and explanations of clauses that do not exist."""
    anchors = [clause.anchor for clause in draft.pack.clauses]
    cited: dict[str, Spot] = {}
    for node, where in draft.citations.found:
        cited.setdefault(node.text, node.spot)
        if node.text not in anchors:
            words = tell("{where} cites {name}", where=where, name=node.text)
            problems.add(node.spot, "unknown_clause", words, nearest(node.text, anchors))
    for anchor, spot in draft.explained.items():
        if anchor not in anchors:
            words = tell("there is no clause {clause}", clause=anchor)
            problems.add(spot, "unknown_clause", words, nearest(anchor, anchors))
        elif anchor in cited:
            words = tell(
                "{clause} is cited in {file}:{line}", clause=anchor, file=cited[anchor].file, line=cited[anchor].line
            )
            problems.add(spot, "explained_and_cited", words, "a clause that a rule carries needs no explanation")
    for clause in draft.pack.clauses:
        if clause.anchor not in cited and clause.anchor not in draft.explained:
            spot = Spot(f"{draft.pack.id}/policy.md", clause.line)
            words = tell("no rule, item or step cites {clause} {number}", clause=clause.anchor, number=clause.number)
            problems.add(spot, "clause_uncovered", words, "cite it, or explain it in clauses.yaml", clause.anchor)
