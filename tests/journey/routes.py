"""Every address of the product, from its URLconf, so that no page can be forgotten."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

POST_ONLY = {
    "portal:withdraw",
    "portal:withdraw_consent",
    "portal:withdraw_permission",
    "vouching_revoke",
    "vouching_token",
    "portal:claim_discard",
    "desk:act",
    "desk:rule",
    "desk:resolve",
    "desk:settle",
    "desk:answer_feedback",
    "desk:prepare",
    "desk:answer_urge",
    "desk:keep_filter",
    "desk:remark",
    "desk:take_out",
    "set_language",
}
FILES = {
    "alive",
    "ready",
    "metrics",
    "portal:calendar_file",
    "portal:figures_file",
    "portal:manifest",
    "portal:readings_file",
    "portal:ticket_picture",
    "portal:worker",
    "portal:receipt_file",
    "portal:receipt_paper",
    "desk:evidence",
    "desk:evaluation_file",
    "desk:evaluation_paper",
    "desk:inspection_report",
    "desk:facts_file",
    "desk:simulation_file",
    "desk:draft_pack_file",
    "desk:simulation_paper",
    "desk:proof",
    "desk:checkpoint",
    "mfa_download_recovery_codes",
    "status_list",
    "vouching_configuration",
    "vouching_keys",
    "vouching_userinfo",
    "log_file",
    "log_payloads",
}
OTHER_FACES = ("api",)


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The names of all routes, with their namespaces."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"
        elif not (entry.namespace or "").startswith(OTHER_FACES) and not str(entry.pattern).startswith(OTHER_FACES):
            yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def pages() -> set[str]:
    """The routes that show a page."""
    return set(names()) - POST_ONLY - FILES
