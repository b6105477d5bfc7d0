"""Where ports meet adapters, and nowhere else: one function for each port, named as the kernel asks for it.

ZHIDA_LOG_NAME     the public name of the ledger, without a scheme
ZHIDA_LOG_SIGNATURE  what a new log key signs with: ed25519 or sm2
ZHIDA_ADDRESS      where this installation is reached: what QR codes and credentials point to, and our name as an issuer
ZHIDA_TREASURY     the address of the treasury that pays
ZHIDA_ACCOUNT_HOLD how many hours a changed account waits before it is paid to (24)
ZHIDA_PAYEES_PER_ACCOUNT  how many payees one account may have before a person must look (5)
ZHIDA_PAYMENTS_PER_DAY  how many payments one payee may get in a day before a person must look (10)
ZHIDA_NEWS_SECRET  the file of the secret by which treasuries sign what they send unasked
ZHIDA_IDENTITY     the file of the identity services that are trusted (`identity.yaml` in the home)
ZHIDA_MAIL_SENDER  the sender of e-mails
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from zhida.adapters.clock import DemoClock, SystemClock
from zhida.adapters.identity import OidcIdentities, read_providers
from zhida.adapters.keys import FileLogKey, FileRegistryKeys
from zhida.adapters.keys.issuer_key import FileIssuerKey
from zhida.adapters.keys.voucher_keys import FileVoucherKeys
from zhida.adapters.messaging import EmailGate, SmsFile
from zhida.adapters.packs import FormFolder, KeptForms
from zhida.adapters.register import ExtractRegister
from zhida.adapters.screening import FileScreener
from zhida.adapters.search import FolderIndex
from zhida.adapters.treasury.callbacks import SignedNews
from zhida.adapters.treasury.channels import Channels
from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.payees import RegistryPayees
from zhida.adapters.treasury.statement_files import CamtFiles
from zhida.adapters.witnesses import read_witnesses
from zhida.domain.errors import AccessError
from zhida.domain.packs import Keeping
from zhida.domain.values import Actor
from zhida.kernel.cases.actions import record_outcomes
from zhida.kernel.catalogue.documents import PublishedDocuments
from zhida.kernel.credentials.ports import IssuerPort
from zhida.kernel.entitlements.ports import ScreenerPort
from zhida.kernel.funds import ports as funds
from zhida.kernel.funds.actions import INSTRUCT
from zhida.kernel.funds.sending import instruct_handler
from zhida.kernel.ledger.ports import KeyPort, TilePort, WitnessPort
from zhida.kernel.notices.actions import DELIVER
from zhida.kernel.notices.delivery import deliverer
from zhida.kernel.notices.ports import MessagePort
from zhida.kernel.outbox.ports import Handler
from zhida.kernel.ports import ClockPort
from zhida.kernel.registry.ports import RegisterPort, RegistryKeys
from zhida.kernel.registry.questions import QUESTION, ask_register
from zhida.kernel.search.actions import REBUILD, rebuilder
from zhida.kernel.search.ports import IndexPort
from zhida.services.authoring.publishing import PUBLISH, publish_handler
from zhida.services.controls.lists import read_lists
from zhida.services.controls.port import Controls
from zhida.services.controls.recall_sending import recall_handler
from zhida.services.controls.recalling import RECALL
from zhida.services.identities.ports import IdentityPort
from zhida.services.mirroring.folder import TileFolder
from zhida.services.vouching.ports import VouchingPort

PUMP = Actor(account="system", duty="system")


@cache
def clock() -> ClockPort:
    """A clock that can be moved in a demonstration's home (the file `demo` marks it), else the machine's."""
    return DemoClock(settings.HOME / "clock") if (settings.HOME / "demo").exists() else SystemClock()


@cache
def log_key() -> KeyPort:
    """The ledger's signing key, in the home."""
    name, signature = (
        os.environ.get("ZHIDA_LOG_NAME", "zhida.local/log"),
        os.environ.get("ZHIDA_LOG_SIGNATURE", "ed25519"),
    )
    return FileLogKey(settings.HOME / "keys", name, signature)


@cache
def witnesses() -> tuple[WitnessPort, ...]:
    """Who cosigns the ledger's heads: the file `witnesses` in the home, a key and an address on each line."""
    return read_witnesses(settings.HOME / "witnesses")


def tiles() -> TilePort:
    """The ledger as static files, in the home: the same folder that a mirror keeps."""
    return TileFolder(settings.HOME / "log")


@cache
def registry_keys() -> RegistryKeys:
    """The keys that hide personal numbers, in the home."""
    return FileRegistryKeys(settings.HOME / "keys")


@cache
def register() -> RegisterPort:
    """The register of organisations: an extract of it in the home."""
    return ExtractRegister(settings.HOME / "register.csv")


@cache
def kept_forms() -> Keeping:
    """What published packs were read to, in the home; made anew where it is lost."""
    return KeptForms(FormFolder(settings.HOME / "encoded" / "packs"))


def search_index() -> IndexPort:
    """The index of what is public, in the home. It keeps nothing between calls, so each gets its own."""
    return FolderIndex(settings.HOME / "search")


def screener() -> ScreenerPort:
    """What screens populations on this machine or a cluster, and keeps the results in the home."""
    return FileScreener(settings.HOME)


@cache
def issuer() -> IssuerPort:
    """Who signs credentials."""
    return FileIssuerKey(settings.HOME / "keys", os.environ.get("ZHIDA_ADDRESS", "http://127.0.0.1:8000"))


@cache
def treasury() -> funds.TreasuryPort:
    """The treasury, over HTTP."""
    return HttpTreasury(os.environ.get("ZHIDA_TREASURY", "http://127.0.0.1:8461"))


@cache
def treasury_news() -> funds.NewsPort:
    """What treasuries send unasked, opened by the secret they share with us; nothing is believed without one."""
    path = os.environ.get("ZHIDA_NEWS_SECRET", "")
    if not path:
        raise AccessError("no_news_expected", "no treasury may call here", "set ZHIDA_NEWS_SECRET to agree on a secret")
    return SignedNews(Path(path).read_bytes().strip())


@cache
def identities() -> IdentityPort:
    """The identity services that are trusted; none where no file names one."""
    path = os.environ.get("ZHIDA_IDENTITY", "")
    return OidcIdentities(read_providers(Path(path) if path else settings.HOME / "identity.yaml"))


@cache
def voucher() -> VouchingPort:
    """Who tells other platforms who somebody is."""
    return FileVoucherKeys(settings.HOME / "keys", os.environ.get("ZHIDA_ADDRESS", "http://127.0.0.1:8000"))


def statements() -> funds.StatementPort:
    """Statements that come as files."""
    return CamtFiles()


@cache
def controls() -> funds.ControlPort:
    """Stops, holds, limits and lists; the lists are read anew each time, so that a change counts at once."""
    return Controls(
        lambda: read_lists(settings.HOME / "payment-lists.json"),
        timedelta(hours=int(os.environ.get("ZHIDA_ACCOUNT_HOLD", "24"))),
        payees_per_account=int(os.environ.get("ZHIDA_PAYEES_PER_ACCOUNT", "5")),
        payments_per_day=int(os.environ.get("ZHIDA_PAYMENTS_PER_DAY", "10")),
    )


@cache
def channels() -> funds.ChannelPort:
    """The banks and treasuries, and which pays what."""
    return Channels(settings.HOME / "channels.json", funds.treasury)


@cache
def payees() -> funds.PayeePort:
    """Accounts, out of the registry."""
    return RegistryPayees()


@cache
def handlers() -> dict[str, Handler]:
    """What the outbox's pump does with each kind of message."""
    sender = os.environ.get("ZHIDA_MAIL_SENDER", "zhida@localhost")
    gates: dict[str, MessagePort] = {
        "email": EmailGate(sender, sender.partition("@")[2]),
        "sms": SmsFile(settings.HOME / "sms.jsonl"),
    }
    return {
        INSTRUCT: instruct_handler(payees=funds.payees, by=PUMP, record=record_outcomes),
        RECALL: recall_handler(by=PUMP, record=record_outcomes),
        DELIVER: deliverer(gates),
        QUESTION: ask_register,
        REBUILD: rebuilder(PublishedDocuments()),
        PUBLISH: publish_handler(),
    }
