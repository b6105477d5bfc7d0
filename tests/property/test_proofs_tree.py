"""Trees, receipts and canonical JSON under random input: proofs hold where they should and nowhere else."""

import json

from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import (
    Note,
    Tree,
    batch_root,
    canonical_json,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    salted_digest,
    verify_consistency,
    verify_inclusion,
    verify_receipt,
)

ROWS = st.lists(st.binary(max_size=8), min_size=1, max_size=200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(ROWS, st.data())
def test_proofs_of_random_trees(rows, data):
    tree = Tree.of(leaf_hash(row) for row in rows)
    assert batch_root(rows) == tree.root()
    size = data.draw(st.integers(1, len(rows)))
    position = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(tree.node, position, size), tree.root(size)
    assert verify_inclusion(leaf_hash(rows[position]), position, size, proof, root)
    assert not verify_inclusion(leaf_hash(rows[position] + b"x"), position, size, proof, root)
    extension = consistency_proof(tree.node, size, len(rows))
    assert verify_consistency(size, len(rows), extension, root, tree.root())


@given(ROWS, st.data())
def test_any_altered_bit_of_a_proof_breaks_it(rows, data):
    tree = Tree.of(leaf_hash(row) for row in rows)
    position = data.draw(st.integers(0, len(rows) - 1))
    proof = list(inclusion_proof(tree.node, position, len(rows)))
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        proof[at] = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
        assert not verify_inclusion(leaf_hash(rows[position]), position, len(rows), proof, tree.root())


@given(
    st.integers(0, 2**70),
    st.integers(0, 2**70),
    st.lists(st.binary(min_size=32, max_size=32), max_size=80),
    st.binary(min_size=32, max_size=32),
)
def test_invented_proofs_never_verify_and_always_end(first, second, proof, value):
    assert not verify_inclusion(value, first, second, proof, leaf_hash(value))
    assert not verify_consistency(first, second, proof, value, leaf_hash(value))


@given(JSON)
def test_canonical_json_has_one_form_that_reads_back(value):
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@given(JSON, JSON)
def test_different_values_have_different_digests(one, other):
    if canonical_json(one) != canonical_json(other):
        assert salted_digest("field", one, bytes(16)) != salted_digest("field", other, bytes(16))


@given(st.binary() | st.text().map(str.encode) | JSON.map(canonical_json))
def test_no_bytes_make_the_receipt_verifier_raise_or_agree(data):
    assert not verify_receipt(data).ok


@given(st.text(alphabet="— ab\n+=A\x01\u3000"))
def test_no_text_makes_the_note_parser_raise_anything_else(text):
    try:
        note = Note.parse(text)
    except InvariantBroken:
        return
    assert text.startswith(note.text)
