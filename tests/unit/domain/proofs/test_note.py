"""Signed notes and checkpoints: published examples of the format, signing, and refusal of every malformed text."""

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Checkpoint, Note, SigningKey, VerifierKey, sign_checkpoint, verify_checkpoint
from zhida.domain.proofs.note import sign_note

# The example of golang.org/x/mod/sumdb/note, from which the C2SP format comes.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

KEY = SigningKey("log.example/proofs", bytes(range(32)))
OTHER = SigningKey("log.example/proofs", bytes(32))
WITNESS = SigningKey("witness.example/a", bytes([7]) * 32)
HEAD = Checkpoint("log.example/proofs", 20852163, bytes(range(32)))


def test_published_note_verifies():
    key = VerifierKey.parse(NEUMANN)
    assert str(key) == NEUMANN
    assert Note.parse(NEUMANN_NOTE).signers([key]) == (key,)
    with pytest.raises(InvariantBroken, match="bad_signature"):
        Note.parse(NEUMANN_NOTE.replace("your problem is", "our problem is")).signers([key])


def test_published_checkpoint_parses_and_reads_back():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    head = Checkpoint.parse(text)
    assert (head.origin, head.size, head.text) == ("example.com/behind-the-sofa", 20852163, text)


def test_signed_checkpoint_is_believed_only_from_its_log():
    note = sign_checkpoint(HEAD, KEY)
    assert verify_checkpoint(note, [KEY.verifier]) == HEAD
    assert verify_checkpoint(note, [WITNESS.verifier, KEY.verifier]) == HEAD
    for keys in ([], [OTHER.verifier], [WITNESS.verifier]):
        with pytest.raises(InvariantBroken, match="unsigned_checkpoint"):
            verify_checkpoint(note, keys)
    with pytest.raises(InvariantBroken, match="wrong_log_key"):
        sign_checkpoint(HEAD, WITNESS)


def test_a_witness_alone_does_not_speak_for_the_log():
    note = sign_note(HEAD.text, WITNESS)
    with pytest.raises(InvariantBroken, match="unsigned_checkpoint"):
        verify_checkpoint(note, [WITNESS.verifier, KEY.verifier])
    both = sign_note(HEAD.text, KEY, WITNESS)
    assert Note.parse(both).signers([WITNESS.verifier, KEY.verifier]) == (KEY.verifier, WITNESS.verifier)
    assert verify_checkpoint(both, [KEY.verifier]) == HEAD


def test_same_name_and_id_must_verify():
    note = sign_checkpoint(HEAD, KEY)
    forged = note.replace("\n20852163\n", "\n20852164\n")
    with pytest.raises(InvariantBroken, match="bad_signature"):
        verify_checkpoint(forged, [KEY.verifier])


def test_every_bit_of_a_signed_checkpoint_counts():
    note = sign_checkpoint(HEAD, KEY).encode()
    accepted = []
    for bit in range(len(note) * 8):
        altered = bytearray(note)
        altered[bit // 8] ^= 1 << bit % 8
        try:
            accepted.append(verify_checkpoint(altered.decode(), [KEY.verifier]))
        except (InvariantBroken, UnicodeDecodeError):
            continue
    assert accepted == []


SIGNED = sign_checkpoint(HEAD, KEY)
SIGNATURE = SIGNED.splitlines()[-1]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "text\n",
        "text\n\n",
        HEAD.text,
        HEAD.text + "\n",
        SIGNED[:-1],
        SIGNED + SIGNATURE,
        SIGNATURE + "\n",
        "x" * (1 << 20) + SIGNED,
        SIGNED + "\n",
        SIGNED.replace("—", "-"),
        SIGNED.replace("— ", "—"),
        SIGNED.replace("\n\n", "\n"),
        SIGNED.replace("\n", "\r\n"),
        "\t" + SIGNED,
        "\x00" + SIGNED,
        "\ud800" + SIGNED,
        SIGNED[:-2] + "\n",
        HEAD.text + "\n— log.example/proofs AAAA\n",
        HEAD.text + "\n— log.example/proofs \n",
        HEAD.text + "\n—  AAAAAAAA\n",
        HEAD.text + "\n— a+b AAAAAAAA\n",
        HEAD.text + "\n— log.example/proofs AAAAAA==\n",
        HEAD.text + "\n— a\u3000b AAAAAAAA\n",
        HEAD.text + "\n" + (SIGNATURE + "\n") * 17,
    ],
)
def test_malformed_notes_are_refused(note):
    with pytest.raises(InvariantBroken, match="malformed"):
        Note.parse(note)


def test_sixteen_signatures_are_read_and_unknown_ones_ignored():
    assert len(Note.parse(HEAD.text + "\n" + (SIGNATURE + "\n") * 16).signatures) == 16
    unknown = "— elsewhere.example AAAAAAAAAAAA\n"
    assert verify_checkpoint(SIGNED + unknown, [KEY.verifier]) == HEAD


ROOT = HEAD.text.splitlines()[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"o\n1\n{ROOT}",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n 1\n{ROOT}\n",
        f"o\n1_0\n{ROOT}\n",
        f"o\n١\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"a b\n1\n{ROOT}\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n{ROOT[:-2]}9=\n",
        f"o\n1\n{ROOT}\nextension\n",
        f"o\n1\n{ROOT}\n\n",
        f"o\n1\n{ROOT}\nx",
        f"o\n{10**19}\n{ROOT}\n",
    ],
)
def test_malformed_checkpoints_are_refused(text):
    with pytest.raises(InvariantBroken, match="malformed"):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "a+25862a7d+AgABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
        NEUMANN.replace("c74f20a3", "C74F20A3"),
        NEUMANN[:-1],
        NEUMANN.replace("Peter", "Pater"),
        "a+b+c+d",
    ],
)
def test_malformed_keys_are_refused(text):
    with pytest.raises(InvariantBroken, match="malformed"):
        VerifierKey.parse(text)


def test_a_checkpoint_that_cannot_be_is_not_made():
    for origin, size, root in (
        ("o", -1, bytes(32)),
        ("o", 10**19, bytes(32)),
        ("o", 1, bytes(31)),
        ("a b", 1, bytes(32)),
    ):
        with pytest.raises(InvariantBroken, match="malformed_checkpoint"):
            Checkpoint(origin, size, root)
    for size in (0, 10**19 - 1):
        assert Checkpoint.parse(Checkpoint("o", size, bytes(32)).text).size == size


def test_keys_and_texts_that_cannot_sign_are_refused():
    with pytest.raises(InvariantBroken, match="malformed_key"):
        VerifierKey("a", bytes(31))
    for name in ("", "a b", "a+b", "a\nb", "a\x00b"):
        with pytest.raises(InvariantBroken, match="malformed_key"):
            SigningKey(name, bytes(32))
    with pytest.raises(InvariantBroken, match="malformed_key"):
        SigningKey("a", bytes(31))
    with pytest.raises(InvariantBroken, match="malformed_note"):
        sign_note("no newline", KEY)
    for signers in ([], [KEY] * 17):
        with pytest.raises(InvariantBroken, match="malformed_note"):
            sign_note("text\n", *signers)
    assert len(Note.parse(sign_note("text\n", *[KEY] * 16)).signatures) == 16


def test_a_text_cannot_smuggle_a_signature_line_under_another_text():
    """Without its newline the text would end before its last line, which would count as a signature."""
    with pytest.raises(InvariantBroken, match="malformed_note"):
        sign_note("text\n\n— elsewhere.example AAAAAAAA", KEY)


def test_a_note_has_one_mebibyte_at_most():
    rest = len(sign_note("\n", KEY))
    longest = sign_note("x" * ((1 << 20) - rest) + "\n", KEY)
    assert (len(longest), Note.parse(longest).signers([KEY.verifier])) == (1 << 20, (KEY.verifier,))
    with pytest.raises(InvariantBroken, match="malformed_note"):
        sign_note("x" * ((1 << 20) - rest + 1) + "\n", KEY)


def test_a_signature_of_one_byte_is_read_and_one_of_none_is_not():
    (signature,) = Note.parse(HEAD.text + "\n— log.example/proofs AAECAwQ=\n").signatures
    assert signature == ("log.example/proofs", bytes([0, 1, 2, 3]), bytes([4]))
    with pytest.raises(InvariantBroken, match="malformed_note"):
        Note.parse(HEAD.text + "\n— log.example/proofs AAECAw==\n")
