"""The pages of an account say in our words what the log-in library would say in its own."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

import zhida.surfaces
from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.kernel.accounts.models import Account

__all__ = ["place", "published"]

FOLDER = Path(zhida.surfaces.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
_ENTRY = re.compile(r'^msgid (".*")\n(?:msgid_plural ".*"\n)?msgstr(?:\[0\])? (".*")$', re.MULTILINE)


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    """Log-ins are counted in the cache: those of other tests must not use up what these may."""
    cache.clear()


def test_what_is_compiled_is_what_is_written() -> None:
    written = {ast.literal_eval(one): ast.literal_eval(told) for one, told in _ENTRY.findall(_po())}
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    told = {one: compiled.ngettext(one, one, 1) if "%(unused" in one else compiled.gettext(one) for one in written}
    assert len(written) >= 50
    assert {one: words for one, words in told.items() if one and words != written[one]} == {}


def _po() -> str:
    return (FOLDER / "django.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "words", "not_said"),
    [
        ("/account/password/change/", ("换密码", "现在的密码", "再输一遍新密码"), "修改密码"),
        ("/account/2fa/totp/activate/", ("打开动态口令", "验证器应用里的六位数"), "认证器"),
    ],
)
def test_a_page_of_the_account_says_our_words(place: Place, path: str, words: tuple[str, ...], not_said: str) -> None:
    account = Account.objects.get(pk=place.owner)
    account.set_password("only once, please")
    account.save()
    client = Client()
    client.post("/account/login/", {"login": account.login_name, "password": "only once, please"})
    client.post("/account/reauthenticate/", {"password": "only once, please"})
    page = client.get(path).content.decode()
    for one in words:
        assert one in page
    assert not_said not in page


def test_a_wrong_password_is_told_in_our_words(place: Place) -> None:
    page = Client().post("/account/login/", {"login": "owner", "password": "x"}).content.decode()
    assert "登录名或密码不对" in page
    with translation.override("en"):
        assert "登录名" not in translation.gettext("The username and/or password you specified are not correct.")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "done/", "key/1-set-password/", "key/done/"])
def test_whoever_forgot_a_password_is_told_who_helps_and_promised_no_letter(path: str) -> None:
    page = Client().get(f"/account/password/reset/{path}").content.decode()
    assert "不发重设密码的邮件" in page
    assert "tel:12345" in page
    assert 'method="post"' not in page
    english = Client(headers={"Accept-Language": "en"}).get(f"/account/password/reset/{path}").content.decode()
    assert "no letter with a link is sent" in english
    assert Client().post(f"/account/password/reset/{path}", {"email": "a@example.com"}).status_code == 405
    assert "/account/password/reset/" in Client().get("/account/login/").content.decode()
