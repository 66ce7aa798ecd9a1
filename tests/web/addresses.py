"""What each role gets of each address of the site's own rooms; apps of their own have their own tables."""

from __future__ import annotations

WHO = (
    "nobody",
    "owner",
    "other officer",
    "supervisor",
    "foreign supervisor",
    "administrator",
    "records",
    "auditor",
    "safeguarding",
)
HIDDEN, REFUSED, SIGN_IN = 404, 403, 302
IN = len(WHO) - 1
ADMINISTRATOR_ONLY = (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED, REFUSED, REFUSED)
OF_PEOPLE = (
    "encounters:person",
    "encounters:open-person",
    "encounters:join",
    "encounters:undo-join",
    "encounters:looks",
    "encounters:restrict",
    "encounters:own-copy",
    "encounters:retention-review",
)
# address name: (method, what each of WHO gets); 200 or 302 to the next page is "allowed"
EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "encounters:home": ("get", (SIGN_IN, 200, 200, 200, 200, 200, 200, 200, 200)),
    "encounters:start": ("get", (SIGN_IN, 200, 200, 200, 200, REFUSED, 200, REFUSED, 200)),
    "encounters:findings": ("get", (SIGN_IN, 200, HIDDEN, 200, HIDDEN, HIDDEN, 200, HIDDEN, 200)),
    "encounters:picture": ("get", (SIGN_IN, 200, HIDDEN, 200, HIDDEN, HIDDEN, 200, HIDDEN, 200)),
    "encounters:decide": (
        "post",
        (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, REFUSED, HIDDEN, REFUSED),
    ),
    "encounters:add": ("post", (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, REFUSED, HIDDEN, REFUSED)),
    "encounters:add-person": (
        "post",
        (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, REFUSED, HIDDEN, REFUSED),
    ),
    "encounters:change-person": (
        "post",
        (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, REFUSED, HIDDEN, REFUSED),
    ),
    "encounters:confirm": (
        "post",
        (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, REFUSED, HIDDEN, REFUSED),
    ),
    "encounters:answer": (
        "post",
        (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, REFUSED, HIDDEN, REFUSED),
    ),
    "account_login": ("get", (200, "done", "done", "done", "done", "done", "done", "done", "done")),
    "account_logout": ("post", (SIGN_IN, "done", "done", "done", "done", "done", "done", "done", "done")),
    "accounts:demo-sign-in": (
        "post",
        ("done", "done", "done", "done", "done", "done", "done", "done", "done"),
    ),
    "live": ("get", (200,) * len(WHO)),
    "ready": ("get", (200,) * len(WHO)),
    "metrics": ("get", (HIDDEN,) * len(WHO)),
    "pages:approach": ("get", (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    **{
        f"pages:{n}": ("get", (200,) * len(WHO))
        for n in ("accessibility", "work", "asked-of-partners", "contact", "privacy", "cookies", "welsh")
    },
    "pages:tour": ("get", (SIGN_IN, *[200] * IN)),
    "pages:getting-started": ("get", ADMINISTRATOR_ONLY),
    "accounts:import-staff": ("get", ADMINISTRATOR_ONLY),
    # Somebody can sign in, so that there is nothing to set up any more.
    "accounts:set-up": ("get", (HIDDEN,) * len(WHO)),
    "api-1:openapi-json": ("get", (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    "api-1:openapi-view": ("get", (200, 200, 200, 200, 200, 200, 200, 200, 200)),
    "api-1:api-root": ("get", (404, 404, 404, 404, 404, 404, 404, 404, 404)),
    "api-1:push": ("post", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:pull": ("get", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:pull_picture": ("get", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:exercise": ("get", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:mark": ("put", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:check": ("get", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:referrals": ("get", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:answer": ("post", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "api-1:look_at": ("post", (401, 401, 401, 401, 401, 401, 401, 401, 401)),
    "encounters:who": ("get", (SIGN_IN, 200, HIDDEN, REFUSED, HIDDEN, HIDDEN, 200, HIDDEN, REFUSED)),
    "encounters:matches": ("post", (SIGN_IN, 200, HIDDEN, REFUSED, HIDDEN, HIDDEN, 200, HIDDEN, REFUSED)),
    "encounters:settle": (
        "post",
        (SIGN_IN, "done", HIDDEN, REFUSED, HIDDEN, HIDDEN, "done", HIDDEN, REFUSED),
    ),
    "encounters:queue": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED, REFUSED),
    ),
    "encounters:search": ("get", (SIGN_IN, 200, 200, 200, 200, REFUSED, 200, REFUSED, 200)),
    "encounters:person": ("get", (SIGN_IN, 200, 200, 200, HIDDEN, HIDDEN, 200, HIDDEN, 200)),
    "encounters:open-person": (
        "post",
        (SIGN_IN, HIDDEN, "done", HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ),
    "encounters:join": (
        "post",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, HIDDEN, HIDDEN, "done", HIDDEN, REFUSED),
    ),
    "encounters:undo-join": (
        "post",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, HIDDEN, HIDDEN, "done", HIDDEN, REFUSED),
    ),
    "encounters:assess": ("get", (SIGN_IN, 200, HIDDEN, 200, HIDDEN, HIDDEN, REFUSED, HIDDEN, 200)),
    "encounters:check": ("get", (SIGN_IN, REFUSED, HIDDEN, 200, HIDDEN, HIDDEN, REFUSED, HIDDEN, 200)),
    "encounters:keep-draft": ("post", (SIGN_IN, 200, 200, 200, 200, REFUSED, 200, REFUSED, 200)),
    "encounters:reviews": ("get", (SIGN_IN, REFUSED, REFUSED, 200, 200, REFUSED, REFUSED, REFUSED, 200)),
    "encounters:assessment": ("get", (SIGN_IN, 200, HIDDEN, 200, HIDDEN, HIDDEN, 200, HIDDEN, 200)),
    "encounters:review": (
        "post",
        (SIGN_IN, REFUSED, HIDDEN, "done", HIDDEN, HIDDEN, REFUSED, HIDDEN, "done"),
    ),
    "encounters:sample": (
        "post",
        (SIGN_IN, REFUSED, REFUSED, "done", "done", REFUSED, REFUSED, REFUSED, "done"),
    ),
    "encounters:openings": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200),
    ),
    "encounters:review-opening": (
        "post",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "done"),
    ),
    "encounters:audit": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED),
    ),
    "encounters:looks": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED),
    ),
    "encounters:own-copy": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED, REFUSED),
    ),
    "encounters:retention": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED, 200),
    ),
    "encounters:retention-review": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200, REFUSED, 200),
    ),
    "encounters:restrict": (
        "get",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, 200),
    ),
    # Everybody's own sign-in: it never shows anybody else's. Without a password (as these users are) there is nothing to ask again for.
    "account_inactive": ("get", (200, *[200] * IN)),
    "mfa_authenticate": ("get", ("done", *["done"] * IN)),
    "account_reauthenticate": ("get", (SIGN_IN, *[REFUSED] * IN)),
    "mfa_reauthenticate": ("get", (SIGN_IN, *[REFUSED] * IN)),
    "openid_connect_login": ("get", (404, *[404] * IN)),
    "openid_connect_callback": ("get", (404, *[404] * IN)),
    "socialaccount_login_cancelled": ("get", (200, *[200] * IN)),
    "mfa_index": ("get", (SIGN_IN, *[200] * IN)),
    "account_change_password": ("get", (SIGN_IN, *["done"] * IN)),
    "mfa_activate_totp": ("get", (SIGN_IN, *[200] * IN)),
    "mfa_deactivate_totp": ("get", (SIGN_IN, *[404] * IN)),
    "accounts:held": ("get", (SIGN_IN, *[200] * IN)),
    "accounts:send-held": ("post", (SIGN_IN, *[404] * IN)),
    "mfa_list_webauthn": ("get", (SIGN_IN, *[200] * IN)),
    "mfa_add_webauthn": ("get", (SIGN_IN, *[200] * IN)),
    "mfa_remove_webauthn": ("get", (SIGN_IN, *[404] * IN)),
    "mfa_reauthenticate_webauthn": ("get", (SIGN_IN, *[REFUSED] * IN)),
    "mfa_view_recovery_codes": ("get", (SIGN_IN, *[404] * IN)),
    "mfa_generate_recovery_codes": ("get", (SIGN_IN, *[200] * IN)),
    "mfa_download_recovery_codes": ("get", (SIGN_IN, *[404] * IN)),
    "usersessions_list": ("get", (SIGN_IN, *[200] * IN)),
    "accounts:accounts": ("get", ADMINISTRATOR_ONLY),
    "accounts:new-account": ("get", ADMINISTRATOR_ONLY),
    "accounts:account": ("get", ADMINISTRATOR_ONLY),
    "accounts:systems": ("get", ADMINISTRATOR_ONLY),
    "accounts:change-systems": (
        "post",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, 400, REFUSED, REFUSED, REFUSED),
    ),
    "accounts:change-account": (
        "post",
        (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, "done", REFUSED, REFUSED, REFUSED),
    ),
}


# Which parts each address has.
WANTED: dict[str, tuple[str, ...]] = {
    "pages:welsh": ("slug",),
    "accounts:set-up": ("code",),
    "encounters:findings": ("pk",),
    "encounters:picture": ("pk", "code"),
    "encounters:decide": ("pk", "finding"),
    "encounters:add": ("pk",),
    "encounters:confirm": ("pk",),
    "encounters:add-person": ("pk",),
    "encounters:change-person": ("pk", "code"),
    "encounters:answer": ("pk", "code"),
    "encounters:who": ("pk", "code"),
    "encounters:matches": ("pk", "code"),
    "encounters:settle": ("pk", "code"),
    "encounters:person": ("pk",),
    "encounters:open-person": ("pk",),
    "encounters:join": ("pk",),
    "encounters:undo-join": ("pk", "join"),
    "encounters:assess": ("pk", "code"),
    "api-1:pull": ("pk",),
    "api-1:pull_picture": ("pk",),
    "api-1:exercise": ("pk",),
    "api-1:mark": ("pk",),
    "api-1:answer": ("referral",),
    "encounters:check": ("pk",),
    "encounters:keep-draft": ("once",),
    "encounters:assessment": ("pk",),
    "encounters:review": ("pk",),
    "encounters:review-opening": ("pk",),
    "encounters:looks": ("pk",),
    "encounters:restrict": ("pk",),
    "encounters:own-copy": ("pk",),
    "encounters:retention-review": ("pk",),
    "accounts:account": ("pk",),
    "mfa_remove_webauthn": ("pk",),
    "accounts:send-held": ("pk",),
    "accounts:change-account": ("pk",),
    "openid_connect_login": ("provider_id",),
    "openid_connect_callback": ("provider_id",),
    "accounts:demo-sign-in": ("username",),
}
