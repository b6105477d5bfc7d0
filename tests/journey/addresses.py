"""One address or more for every route, and who opens it."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from zhida.surfaces.portal.shared_logins import LOCKING


class Address(NamedTuple):
    """A page to open: its route, who opens it ("" is anybody), where it stands, and the status it answers with."""

    route: str
    login: str
    path: str
    status: int = 200


ANYBODY = {
    "account_confirm_login_code", "account_email_verification_sent", "account_inactive", "account_login",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done", "account_signup",
    "forgotten",
    "mfa_authenticate", "mfa_login_webauthn", "portal:accessibility", "portal:calculator", "portal:display",
    "portal:help", "portal:home",
    "portal:pictures", "portal:policies", "portal:privacy", "portal:publicity", "portal:result", "portal:verify",
    "portal:advanced",
    "portal:calendar", "portal:compare", "portal:figures", "portal:feedback", "portal:offline",
}  # fmt: skip
WHOEVER_LOGGED_IN = {
    "account_change_password", "account_email", "account_logout", "account_reauthenticate", "account_set_password",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index", "mfa_reauthenticate",
    "mfa_view_recovery_codes", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_reauthenticate_webauthn", "portal:account",
    "portal:cases", "portal:inbox", "portal:known", "portal:mine",
    "portal:readings", "portal:cards", "portal:consents",
}  # fmt: skip
NOT_WITHOUT_A_SECOND_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes"}
DESK = {
    "desk:mine": "reviewer",
    "desk:publicity": "reviewer",
    "desk:disputes": "reviewer",
    "desk:feedback": "operator",
    "desk:funds": "checker",
    "desk:batches": "releaser",
    "desk:unknowns": "checker",
    "desk:returns": "maker",
    "desk:stops": "releaser",
    "desk:limits": "operator",
    "desk:transfers": "maker",
    "desk:recoveries": "checker",
    "desk:recalls": "checker",
    "desk:obligations": "maker",
    "desk:payments": "maker",
    "desk:reconciliation": "checker",
    "desk:supervision": "supervisor",
    "desk:outreach": "supervisor",
    "desk:operations": "operator",
    "desk:people": "operator",
    "desk:interests": "maker",
    "desk:templates": "operator",
    "desk:together": "reviewer",
    "desk:visits": "gridworker",
    "desk:simulations": "author",
    "desk:evaluations": "supervisor",
    "desk:drafts": "author",
    "desk:rollbacks": "author",
    "desk:ledger": "auditor",
    "desk:verify": "auditor",
    "desk:sampling": "auditor",
}


def addresses(places: dict) -> Iterator[Address]:
    """Every page of the product that can be opened without changing anything."""
    for route in sorted(ANYBODY):
        yield Address(route, "", reverse(route))
    for route in sorted(WHOEVER_LOGGED_IN):
        who = "holder" if route in LOCKING else "firm"  # a shared log-in is led away from them
        yield Address(route, who, reverse(route), 404 if route in NOT_WITHOUT_A_SECOND_FACTOR else 200)
    for route, login in DESK.items():
        yield Address(route, login, reverse(route))
    for route, login in (("portal:enter", ""), ("portal:again", "firm"), ("portal:arrived", "")):
        yield Address(route, login, reverse(route, args=["nobody"]))
    for route in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        yield Address(route, "firm", reverse(route, args=[1]))
    yield Address("account_confirm_email", "", reverse("account_confirm_email", args=["none"]))
    key = {"uidb36": "1", "key": "none"}
    yield Address("account_reset_password_from_key", "", reverse("account_reset_password_from_key", kwargs=key))
    yield from _public(places)
    yield from _own(places)
    yield from _officers(places)


def _public(places: dict) -> Iterator[Address]:
    for item in sorted(places["items"])[:4]:
        yield Address("portal:item", "", reverse("portal:item", args=item.split("/")))
    region, slug, _ = next(iter(places["items"])).split("/")
    yield Address("portal:policy", "", reverse("portal:policy", args=[region, slug]))
    yield Address("portal:policies", "", reverse("portal:policies") + "?q=zzzz")
    yield Address("portal:policies", "", reverse("portal:policies") + "?audience=person&sort=deadline")
    yield Address("portal:feedback", "", reverse("portal:feedback") + "?about=/policies/")
    yield Address("portal:ticket", "", reverse("portal:ticket", args=[places["feedback"]]))
    yield Address("portal:compared", "", reverse("portal:compared", args=["innovation-platform-award"]))
    yield Address("portal:compared", "", reverse("portal:compared", args=["nothing"]), 404)
    yield Address("portal:calendar", "", reverse("portal:calendar") + "?audience=person&kind=opens")
    yield Address("portal:advanced", "", reverse("portal:advanced") + "?q=补贴&level=city")
    yield Address("portal:policies", "", reverse("portal:policies") + "?level=city&document=notice")
    for audience in ("organisation", "person", "household"):
        yield Address("portal:result", "", f"{reverse('portal:result')}?audience={audience}")
    code = places["mine"]["firm"]["codes"][0]
    yield Address("portal:result", "", f"{reverse('portal:result')}?firm={code}")
    yield Address("portal:calculator", "", reverse("portal:calculator") + "?firm=没有这家企业")
    yield Address("portal:verify", "", f"{reverse('portal:verify')}?code={places['entries'][0]}")
    yield Address("portal:verify", "", f"{reverse('portal:verify')}?code=entry_00000000000000000000000000")
    for case_id in places["notice"][:1]:
        yield Address("portal:objection", "", reverse("portal:objection", args=[case_id]))
    yield Address("portal:item", "", "/items/no/such/thing/", 404)
    yield Address("portal:case", "firm", f"/my/cases/{places['waiting'][0]}/", 403)
    yield Address("desk:funds", "firm", reverse("desk:funds"), 403)


def _own(places: dict) -> Iterator[Address]:
    for login, mine in places["mine"].items():
        yield Address("portal:mine", login, reverse("portal:mine"))
        for case in mine["cases"]:
            yield Address("portal:case", login, reverse("portal:case", args=[case["id"]]))
    for fact in ("organisation_form", "enterprise_size", "hires"):
        yield Address("portal:wrong", "firm", f"{reverse('portal:wrong')}?fact={fact}")
    yield Address("portal:wrong", "person", f"{reverse('portal:wrong')}?fact=age", 404)
    yield Address("portal:wrong", "firm", f"{reverse('portal:wrong')}?fact=shoe@size@", 404)
    seen = places["owned"]["id"]
    owner = next(login for login, mine in places["mine"].items() if places["owned"] in mine["cases"])
    yield Address("portal:confirmed", owner, reverse("portal:confirmed", args=[seen]))
    yield Address("portal:mend", owner, reverse("portal:mend", args=[seen]))
    for login, item in (("firm", "mingzhou/job-retention-refund/refund"), ("firm", "mingzhou/research-rebate/rebate")):
        if item in places["items"]:
            yield Address("portal:claim", login, reverse("portal:claim", args=item.split("/")))
    yield from _applying(places)
    yield Address("portal:rate", owner, reverse("portal:rate", args=[seen]))
    yield Address("portal:appeal", owner, reverse("portal:appeal", args=[seen]))
    for route, name in (("case", "refused"), ("appeal", "refused"), ("case", "given_back"), ("mend", "given_back")):
        yield Address(f"portal:{route}", "holder", reverse(f"portal:{route}", args=[places[name]]))
    for route in ("portal:cards", "portal:consents", "portal:readings"):
        yield Address(route, "holder", f"{reverse(route)}?as={places['licensed']}")
    yield Address("portal:shared", "", places["shared"])
    yield Address("portal:shared", "", "/shared/nothing/", 404)
    yield Address("portal:permit", "", reverse("portal:permit"), 403)
    for asked in places["platform"]:
        yield Address("portal:permit", "holder", f"{reverse('portal:permit')}?{asked}")
    for entry in places["entries"][:2]:
        yield Address("portal:receipt", owner, reverse("portal:receipt", args=[entry]))


def _applying(places: dict) -> Iterator[Address]:
    """An application half filled in, one whose parts are asked, one that is ready to be handed in."""
    for item, parts in (
        ("yunze/enterprise-demand/demand", ("f.demand_kind", "f.demand_text")),
        ("mingzhou/research-rebate/rebate", ("accounts_apart",)),
    ):
        place = item.split("/")
        yield Address("portal:claim", "firm", f"{reverse('portal:claim', args=place)}?as={places['half']}")
        for part in parts:
            yield Address("portal:part", "firm", reverse("portal:part", args=[*place, part]))
    place = ["yunze", "enterprise-demand", "demand"]
    yield Address("portal:claim_check", "firm", reverse("portal:claim_check", args=place))
    yield Address("portal:part", "firm", reverse("portal:part", args=[*place, "f.nothing"]), 404)


def _drafts(places: dict) -> Iterator[Address]:
    for route in ("desk:draft", "desk:rules", "desk:draft_file", "desk:launch"):
        yield Address(route, "author", reverse(route, args=[places["draft"]]))
    for kind, name in places["draft_entries"]:
        yield Address("desk:entry", "author", reverse("desk:entry", args=[places["draft"], kind, name]))
    for kind in ("items", "requirements"):
        yield Address("desk:new_entry", "author", reverse("desk:new_entry", args=[places["draft"], kind]))
    paid = next(name for kind, name in places["draft_entries"] if kind == "items")
    yield Address("desk:giving", "author", f"{reverse('desk:giving', args=[places['draft'], paid])}?shape=bands")
    for shape in ("table", "standard"):
        yield Address("desk:giving", "author", f"{reverse('desk:giving', args=[places['draft'], paid])}?shape={shape}")
    draft, table, value = places["looked_up"]
    for route in ("desk:new_table", "desk:new_parameter"):
        yield Address(route, "author", reverse(route, args=[draft]))
    yield Address("desk:table", "author", reverse("desk:table", args=[draft, table]))
    yield Address("desk:parameter", "author", reverse("desk:parameter", args=[draft, value]))
    for way in ("each", "counted"):
        yield Address("desk:claiming", "author", f"{reverse('desk:claiming', args=[places['draft'], paid])}?way={way}")
    yield Address("desk:quota", "author", reverse("desk:quota", args=[places["draft"], paid]))
    yield Address("desk:stacking", "author", reverse("desk:stacking", args=[places["draft"], paid]))
    yield Address("desk:entry", "author", reverse("desk:entry", args=[places["draft"], "items", "none"]), 404)


def _officers(places: dict) -> Iterator[Address]:
    for case_id in [*places["waiting"][:4], places["closed"]]:
        yield Address("desk:case", "reviewer", reverse("desk:case", args=[case_id]))
        yield Address("desk:next", "reviewer", reverse("desk:next", args=[case_id]))
    yield Address("desk:mine", "reviewer", reverse("desk:mine") + "?q=zzzz")
    yield Address("desk:mine", "reviewer", reverse("desk:mine") + "?stand=late")
    yield Address("desk:held", "reviewer", reverse("desk:held", args=["together_none"]), 403)
    yield Address("desk:payments", "checker", reverse("desk:payments") + "?q=zzzz")
    yield Address("desk:payment", "maker", reverse("desk:payment", args=["disbursement_0"]), 403)
    for route in ("desk:funds", "desk:stops", "desk:recoveries", "desk:unknowns"):
        yield Address(route, "auditor", reverse(route))
    line = (places["ready"] or places["lines"])[0]
    yield Address("desk:line", "maker", reverse("desk:line", args=[line]))
    yield Address("desk:batch", "releaser", reverse("desk:batch", args=[places["batches"][0]]))
    yield Address("desk:release", "releaser", reverse("desk:release", args=[places["releases"][0]]))
    troubles = places["troubles"]
    for login, trouble in (("maker", "returned"), ("checker", "unknown"), ("checker", "settled")):
        yield Address("desk:payment", login, reverse("desk:payment", args=[troubles[trouble]]))
    yield Address("desk:day", "releaser", reverse("desk:day", args=[troubles["day"]]))
    yield Address("desk:finding", "checker", reverse("desk:finding", args=[troubles["finding"]]))
    yield Address("desk:supervision", "auditor", reverse("desk:supervision") + "?place=990100")
    yield Address("desk:outreach", "supervisor", f"{reverse('desk:outreach')}?item={places['visited'][0]}")
    street = f"{reverse('desk:outreach')}?item={places['visited'][0]}&place={places['visited'][2]}"
    yield Address("desk:outreach", "supervisor", street)
    yield Address("desk:visit", "gridworker", reverse("desk:visit", args=[places["visited"][1]]))
    yield Address("desk:sheet", "gridworker", reverse("desk:sheet", args=places["visited"][0].split("/")))
    policy = next(iter(places["items"])).rpartition("/")[0]
    yield Address("desk:evaluation", "supervisor", reverse("desk:evaluation", args=[policy]))
    for stage in ("issued", "matched", "claimed", "late"):
        yield Address("desk:standing", "supervisor", f"{reverse('desk:standing')}?stage={stage}")
    yield Address("desk:simulations", "author", reverse("desk:simulations") + "?item=mingzhou/research-rebate/rebate")
    yield from _drafts(places)
    yield Address("desk:simulation", "author", reverse("desk:simulation", args=[places["simulated"]]))
    yield Address("desk:ledger", "auditor", reverse("desk:ledger") + "?kind=case.decided")
    yield Address("desk:ledger", "auditor", f"{reverse('desk:ledger')}?q={places['closed']}")
    yield Address("desk:sampling", "auditor", reverse("desk:sampling") + "?seed=journey&n=5")
