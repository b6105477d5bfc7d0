"""Checks a Zhida receipt with Python alone: no package, no network, no line of Zhida's own code.

    python3 verify_receipt.py receipt.json|receipt.pdf|code.txt [--key KEY …] [--witness KEY …]

Exits with 1 where the signed log does not hold the fact as the receipt tells it. `--key` names a log's key you trust,
`--witness` one that must have cosigned; code.txt is what a scanner reads on paper. By RFC 9162 (tree), RFC 8032, GB/T
32918 (Ed25519, SM2), RFC 8785 (canonical JSON) and c2sp.org (signed-note, tlog-checkpoint, tlog-cosignature).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Callable
from datetime import datetime

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)
HEX = re.compile(r"([0-9a-f]{2})*\Z")
SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\Z", re.ASCII)
FIELD, NAME = re.compile(r"[a-z][a-z0-9_.]{0,63}\Z"), re.compile(r"[^\s+\x00-\x1f]+\Z")
LOG_KEY, WITNESS_KEY, SM2_KEY = b"\x01", b"\x04", b"\xffzhida/sm2-sm3"
CODE, LARGEST = b"ZHIDA1:", 1 << 20
MEMBERS = {"checkpoint", "entry", "key", "position", "proof", "version", "words"}
Q, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G_X = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
G_Y = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0


class Refused(Exception):
    """The receipt does not hold; the text is the reason's code."""


def check(data: bytes, keys: list[str] | None = None, witnesses: list[str] | None = None) -> str:
    """The code `proven`, or `key_not_compared` where no key was given. Raises Refused with any other reason's code."""
    try:
        return _judged(_read(carried(data)), keys, witnesses or [])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, zlib.error) as error:
        raise Refused("malformed") from error


def carried(data: bytes) -> bytes:
    """The receipt that a PDF or the text of a code (zlib in base45, RFC 9285) carries; all else is taken for one."""
    if data.startswith(b"%PDF-"):
        return data.partition(b"/Type /EmbeddedFile")[2].partition(b"stream\n")[2].partition(b"\nendstream")[0]
    if not data.startswith(CODE):
        return data
    digits = [b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".index(sign) for sign in data.strip(b"\r\n")[len(CODE) :]]
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    packed = b"".join(sum(n * 45**k for k, n in enumerate(part)).to_bytes(len(part) - 1, "big") for part in parts)
    return zlib.decompressobj().decompress(packed, LARGEST)


def _judged(receipt: dict, keys: list[str] | None, witnesses: list[str]) -> str:
    text, cosigners = _signed_text(receipt)
    origin, size, root = text.split("\n")[:3]
    entry = receipt["entry"]
    if canonical(_words(receipt, origin, int(size), cosigners)) != canonical(receipt["words"]):
        raise Refused("altered_words")
    digests = dict(entry["undisclosed"])
    for name, shown in entry["fields"].items():
        digests[name] = hashlib.sha256(canonical([shown["salt"], name, shown["value"]])).hexdigest()
    leaf = {"about": entry["about"], "at": entry["at"], "digests": digests, "id": entry["id"], "kind": entry["kind"]}
    hashed = hashlib.sha256(b"\x00" + canonical(leaf)).digest()
    proof = [bytes.fromhex(value) for value in receipt["proof"]]
    if not included(hashed, receipt["position"], int(size), proof, base64.b64decode(root)):
        raise Refused("not_included")
    if not set(witnesses) <= set(receipt.get("witnesses", ())):
        raise Refused("not_witnessed")
    if keys is not None and receipt["key"] not in keys:
        raise Refused("untrusted_key")
    return "proven" if keys is not None else "key_not_compared"


def _read(data: bytes) -> dict:
    """The receipt's members in their shapes, told in the one canonical form and no other."""
    receipt = json.loads(data.decode())
    if len(data) > LARGEST or canonical(receipt) != data:
        raise Refused("altered_form")
    entry = receipt["entry"]
    version = {frozenset(MEMBERS): "1", frozenset(MEMBERS | {"witnesses"}): "2"}[frozenset(receipt)]
    texts = [receipt["checkpoint"], receipt["key"], *(entry[name] for name in ("id", "kind", "about", "at"))]
    salts = [shown["salt"] for shown in entry["fields"].values()]
    hexes = [*receipt["proof"], *entry["undisclosed"].values(), *salts]
    well = [
        receipt["version"] == f"zhida-receipt/{version}" and type(receipt["position"]) is int,
        set(entry) == {"about", "at", "fields", "id", "kind", "undisclosed"},
        all(isinstance(receipt.get(name, []), list) for name in ("proof", "witnesses"))
        and receipt.get("witnesses") != [],
        all(isinstance(text, str) for text in [*texts, *receipt.get("witnesses", [])]),
        all(map(HEX.match, hexes)) and all(len(salt) >= 32 for salt in salts),
        all(set(shown) == {"salt", "value"} for shown in entry["fields"].values()),
        not set(entry["fields"]) & set(entry["undisclosed"]) and all(map(FIELD.match, entry["fields"])),
        bool(INSTANT.match(entry["at"])) and bool(datetime.fromisoformat(entry["at"])),
    ]
    if not all(well):
        raise Refused("malformed")
    return receipt


def _signed_text(receipt: dict) -> tuple[str, list[str]]:
    """The checkpoint's text once exactly the log's key and the named witnesses have signed it, in this order."""
    text, blank, block = receipt["checkpoint"].rpartition("\n\n")
    text, lines, written = text + "\n", block.split("\n"), [receipt["key"], *receipt.get("witnesses", [])]
    head = text.split("\n")
    is_whole = bool(blank) and not lines.pop() and len(lines) == len(written) == len(set(written)) <= 16
    if not is_whole or len(head) != 4 or not SIZE.match(head[1]) or len(_base64(head[2])) != 32:
        raise Refused("bad_signature")
    names = []
    for at, line in enumerate(lines):
        name, identity, kind, public = _key(written[at])
        dash, _, rest = line.partition(" ")
        signer, _, signature = rest.partition(" ")
        raw, is_in_place = _base64(signature), kind == WITNESS_KEY if names else kind != WITNESS_KEY and name == head[0]
        is_its = dash == "—" and signer == name and raw[:4] == identity and is_in_place
        if not is_its or not signed(kind, public, raw[4:], text.encode()):
            raise Refused("bad_signature")
        names.append(name)
    return text, names[1:]


def _key(written: str) -> tuple[str, bytes, bytes, bytes]:
    """Name, id, kind and public half of a written key."""
    name, identity, encoded = [*written.split("+", 2), "", ""][:3]
    data = _base64(encoded)
    kind = next((kind for kind in (LOG_KEY, WITNESS_KEY, SM2_KEY) if data.startswith(kind)), None)
    known = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    is_named = known.hex() == identity and NAME.match(name)
    if not kind or not is_named or len(data) - len(kind) != 32 * (1 + (kind == SM2_KEY)):
        raise Refused("malformed")
    return name, known, kind, data[len(kind) :]


def _base64(text: str) -> bytes:
    data = base64.b64decode(text)
    if base64.b64encode(data).decode() != text:
        raise Refused("malformed")
    return data


def signed(kind: bytes, public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a signature of this kind holds over a note's text; a witness signs the time before it too."""
    if kind == SM2_KEY:
        return sm2_holds(public, signature, text)
    if kind == LOG_KEY:
        return ed25519_holds(public, signature, text)
    time = int.from_bytes(signature[:8], "big")
    return time < 1 << 63 and ed25519_holds(public, signature[8:], b"cosignature/v1\ntime %d\n%b" % (time, text))


def included(leaf: bytes, position: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2, told from the top: each hash of the proof is the other half of a shrinking tree."""
    if not 0 <= position < size or any(len(value) != 32 for value in (leaf, *proof)):
        return False
    turns, begin, end = [], 0, size
    while end - begin > 1:
        half = 1 << (end - begin - 1).bit_length() - 1
        turns.append(position < begin + half)
        begin, end = (begin, begin + half) if turns[-1] else (begin + half, end)
    if len(turns) != len(proof):
        return False
    for other in proof:
        leaf = hashlib.sha256(b"\x01" + (leaf + other if turns.pop() else other + leaf)).digest()
    return leaf == root


def canonical(value: object) -> bytes:
    """RFC 8785 without fractions: keys in the order of UTF-16, no spaces. Raises ValueError where there is no form."""
    return json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: object, depth: int) -> object:
    if isinstance(value, float) or (isinstance(value, int) and not -(2**53) < value < 2**53):
        raise ValueError("no such number")
    if isinstance(value, dict | list) and depth >= 32:
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return [_ordered(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {name: _ordered(value[name], depth + 1) for name in sorted(value, key=lambda n: n.encode("utf-16-be"))}
    return value


def _words(receipt: dict, origin: str, size: int, cosigners: list[str]) -> dict[str, str]:
    entry, place = receipt["entry"], receipt["position"] + 1
    shown, hidden, at = len(entry["fields"]), len(entry["undisclosed"]), entry["at"]
    english = (
        f"The fact {entry['id']} ({entry['kind']}, about {entry['about']}), recorded at {at} (UTC), is entry {place} "
        f"of the log {origin}, which held {size} entries when its head was signed. "
        f"{shown} field(s) are shown here, {hidden} only by digest."
    )
    chinese = (
        f"事实 {entry['id']}（{entry['kind']}，关于 {entry['about']}）记录于 {at}（协调世界时），"
        f"是存证日志 {origin} 的第 {place} 条；签署时日志共 {size} 条。"
        f"本凭证公开 {shown} 项内容，另有 {hidden} 项只留摘要。"
    )
    if cosigners:
        english += f" The head was cosigned by {', '.join(cosigners)}."
        chinese += f"日志头由 {'、'.join(cosigners)} 联署见证。"
    return {"en": english, "zh": chinese}


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """RFC 8032 section 5.1.7, without the cofactor."""
    key = _decompressed(public)
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or key is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % ORDER
    base = _decompressed(bytes.fromhex("5866666666666666666666666666666666666666666666666666666666666666")) or key
    pairs = (s, base), (8 * ORDER - h, key)  # eight times the order brings any point to nothing: this takes h of them
    left, right = (_times(factor, at, _edwards_sum, (0, 1, 1, 0)) for factor, at in pairs)
    x, y, z, _ = _edwards_sum(left, right)
    x, y = x * pow(z, -1, Q) % Q, y * pow(z, -1, Q) % Q
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def _decompressed(data: bytes) -> tuple | None:
    number = int.from_bytes(data, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(square, Q // 8 + 1, Q)
    x = x if x * x % Q == square else x * pow(2, Q // 4, Q) % Q
    if y >= Q or x * x % Q != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else Q - x
    return x, y, 1, x * y % Q


def _edwards_sum(left: tuple, right: tuple) -> tuple:
    a, b = (left[1] - left[0]) * (right[1] - right[0]), (left[1] + left[0]) * (right[1] + right[0])
    c, d = 2 * left[3] * right[3] * D, 2 * left[2] * right[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % Q, g * h % Q, f * g % Q, e * h % Q


def _times(factor: int, point: tuple, add: Callable, product: tuple | None) -> tuple | None:
    while factor:
        product = add(product, point) if factor & 1 else product
        point, factor = add(point, point), factor >> 1
    return product


def sm2_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """GB/T 32918.2 section 7.1 over SM3, which this Python's OpenSSL must offer."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
    on_curve = max(key) < P and (key[1] ** 2 - key[0] ** 3 + 3 * key[0] - B) % P == 0
    if len(signature) != 64 or not on_curve or min(r, s, (r + s) % N) == 0 or s >= N:
        return False
    parameters = b"".join(value.to_bytes(32, "big") for value in (P - 3, B, G_X, G_Y))
    identity = hashlib.new("sm3", b"\x00\x801234567812345678" + parameters + public).digest()
    digest = int.from_bytes(hashlib.new("sm3", identity + message).digest(), "big")
    found = _sum(_times(s, (G_X, G_Y), _sum, None), _times((r + s) % N, key, _sum, None))
    return found is not None and (digest + found[0]) % N == r


def _sum(left: tuple | None, right: tuple | None) -> tuple | None:
    if left is None or right is None:
        return left or right
    if left[0] == right[0] and (left[1] + right[1]) % P == 0:
        return None
    rise, run = (right[1] - left[1], right[0] - left[0]) if left != right else (3 * left[0] ** 2 - 3, 2 * left[1])
    slope = rise * pow(run, -1, P)
    x = (slope * slope - left[0] - right[0]) % P
    return x, (slope * (left[0] - x) - left[1]) % P


def main(arguments: list[str]) -> int:
    """Prints the verdict; 0 where the receipt holds, 1 where it does not. A wrong call ends with 2."""
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("receipt", type=argparse.FileType("rb"))
    asking.add_argument("--key", action="append")
    asking.add_argument("--witness", action="append")
    asked = asking.parse_args(arguments)
    with asked.receipt as file:
        data = file.read()
    try:
        code = check(data, asked.key, asked.witness)
    except Refused as reason:
        sys.stdout.write(f"✗ {reason}\n")
        return 1
    receipt = json.loads(carried(data))
    shown = [f"{name}: {json.dumps(v['value'], ensure_ascii=False)}" for name, v in receipt["entry"]["fields"].items()]
    sys.stdout.write("✓ " + "\n  ".join([code, *receipt["words"].values(), *shown]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
