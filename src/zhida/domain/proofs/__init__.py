"""The proof log: a Merkle tree (RFC 9162), signed checkpoints (C2SP), receipts, and the verifiers of all three.

An `Entry` is sealed into salted digests, its leaf goes into the tree, a checkpoint signs the tree's head, and a receipt
carries what one person needs to check one entry alone.
"""

from zhida.domain.proofs.batch import batch_root
from zhida.domain.proofs.canonical import Json, canonical_json, canonical_text
from zhida.domain.proofs.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from zhida.domain.proofs.consistency import consistency_proof, verify_consistency
from zhida.domain.proofs.entry import Disclosure, Entry, SealedEntry, leaf_of, salted_digest, seal, seal_written
from zhida.domain.proofs.hashing import SHA256, Algorithm, leaf_hash, node_hash
from zhida.domain.proofs.heads import Heads
from zhida.domain.proofs.inclusion import inclusion_proof, verify_inclusion
from zhida.domain.proofs.keys import Cosigner, Signer, SigningKey, Sm2SigningKey, VerifierKey
from zhida.domain.proofs.note import Note
from zhida.domain.proofs.receipt import Receipt, Verdict, verify_receipt
from zhida.domain.proofs.tiled_log import Block
from zhida.domain.proofs.tree import Frontier, Growth, Node, NodeReader, Tree
from zhida.domain.proofs.verdict import Fault, Reason

__all__ = [
    "SHA256",
    "Algorithm",
    "Block",
    "Checkpoint",
    "Cosigner",
    "Disclosure",
    "Entry",
    "Fault",
    "Frontier",
    "Growth",
    "Heads",
    "Json",
    "Node",
    "NodeReader",
    "Note",
    "Reason",
    "Receipt",
    "SealedEntry",
    "Signer",
    "SigningKey",
    "Sm2SigningKey",
    "Tree",
    "Verdict",
    "VerifierKey",
    "batch_root",
    "canonical_json",
    "canonical_text",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "leaf_of",
    "node_hash",
    "salted_digest",
    "seal",
    "seal_written",
    "sign_checkpoint",
    "verify_checkpoint",
    "verify_consistency",
    "verify_inclusion",
    "verify_receipt",
]
