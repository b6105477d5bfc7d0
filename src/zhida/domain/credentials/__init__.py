"""Credentials as tokens: SD-JWT (RFC 9901) signed with Ed25519, status lists, and the verdict on what is shown.

Nothing here knows a table or a key file: an `Issuer` signs, keys are bytes. A verifier needs this folder and no more.
"""

from zhida.domain.credentials.disclosures import disclosed_claims, present, sign_disclosable
from zhida.domain.credentials.encoding import Malformed
from zhida.domain.credentials.signatures import Forged, Issuer, UnknownKey
from zhida.domain.credentials.status_lists import LIST_SIZE, is_set, pack, read_list, sign_list
from zhida.domain.credentials.verdicts import Standing, Verdict, judge

__all__ = [
    "LIST_SIZE",
    "Forged",
    "Issuer",
    "Malformed",
    "Standing",
    "UnknownKey",
    "Verdict",
    "disclosed_claims",
    "is_set",
    "judge",
    "pack",
    "present",
    "read_list",
    "sign_disclosable",
    "sign_list",
]
