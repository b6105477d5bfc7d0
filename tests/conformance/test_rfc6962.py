"""The tree against public vectors: RFC 6962 heads, and good and broken inclusion and consistency proofs.

The vectors stand in ../shared/data/vectors, outside the repository; where they are absent the tests skip and say so.
"""

import base64
import json
import zipfile
from pathlib import Path

import pytest

from zhida.domain.proofs import Frontier, Tree, batch_root, leaf_hash, verify_consistency, verify_inclusion

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "vectors"
PROBES = VECTORS / "merkle_rfc6962_proofs.zip"
HEADS = VECTORS / "merkle_ct_roots.json"


def probes(kind: str) -> list[dict]:
    if not PROBES.exists():
        pytest.skip(f"{PROBES} is absent: the public proof vectors are not part of this repository")
    with zipfile.ZipFile(PROBES) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith(f"testdata/{kind}/"))
        return [json.loads(archive.read(name)) | {"name": name} for name in names if name.endswith(".json")]


def decoded(proof: list[str] | None) -> list[bytes]:
    return [base64.b64decode(value) for value in proof or ()]


def is_subtree(start: int, end: int) -> bool:
    """Whether [start, end) begins where a tree over so many leaves may begin (draft-ietf-plants-merkle-tree-certs)."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def test_inclusion_probes_get_their_published_verdict():
    cases = probes("inclusion")
    wrong = [
        case["name"]
        for case in cases
        if verify_inclusion(
            base64.b64decode(case["leafHash"]),
            case["leafIdx"],
            case["treeSize"],
            decoded(case["proof"]),
            base64.b64decode(case["root"]),
        )
        == case["wantErr"]
    ]
    assert (len(cases), wrong) == (98, [])


def test_consistency_probes_get_their_published_verdict():
    cases = probes("consistency")
    wrong = [
        case["name"]
        for case in cases
        if verify_consistency(
            case["size1"],
            case["size2"],
            decoded(case["proof"]),
            base64.b64decode(case["root1"]),
            base64.b64decode(case["root2"]),
        )
        == case["wantErr"]
    ]
    assert (len(cases), wrong) == (98, [])


def test_subtree_inclusion_probes_are_inclusion_in_a_smaller_tree():
    cases = [case for case in probes("subtreeinclusion") if is_subtree(case["start"], case["end"])]
    wrong = [
        case["name"]
        for case in cases
        if verify_inclusion(
            base64.b64decode(case["leafHash"]),
            case["leafIdx"] - case["start"],
            case["end"] - case["start"],
            decoded(case["proof"]),
            base64.b64decode(case["root"]),
        )
        == case["wantErr"]
    ]
    assert len(cases) > 150
    assert wrong == []


def test_subtree_consistency_probes_from_the_first_leaf_are_consistency():
    """A subtree that begins at leaf 0 is an earlier tree; those that begin later are no proofs of ours."""
    cases = [case for case in probes("subtreeconsistency") if case["start"] == 0 < case["end"]]
    wrong = [
        case["name"]
        for case in cases
        if verify_consistency(
            case["end"],
            case["size"],
            decoded(case["proof"]),
            base64.b64decode(case["root1"]),
            base64.b64decode(case["root2"]),
        )
        == case["wantErr"]
    ]
    assert len(cases) > 90
    assert wrong == []


def test_heads_of_the_eight_reference_leaves():
    if not HEADS.exists():
        pytest.skip(f"{HEADS} is absent: the public tree heads are not part of this repository")
    vectors = json.loads(HEADS.read_text())
    leaves = [bytes.fromhex(text) for text in vectors["leaf_inputs_hex"]]
    heads = [bytes.fromhex(text) for text in vectors["roots_hex"]]
    tree = Tree.of(leaf_hash(leaf) for leaf in leaves)
    assert [tree.root(size) for size in range(9)] == heads
    assert [batch_root(leaves[:size]) for size in range(9)] == heads
    assert [Frontier.read(size, tree.node).root for size in range(9)] == heads
