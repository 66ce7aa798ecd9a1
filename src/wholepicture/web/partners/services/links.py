"""A way in for an agency without accounts: a link that is signed, expires and serves one agency, and a code sent another way."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from wholepicture.core.partners.lifecycle import WITH_PARTNER, Step
from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import tell_people
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners import access
from wholepicture.web.partners.models import Link, Referral
from wholepicture.web.partners.services.steps import Who, append, locked
from wholepicture.web.theme.languages import day_of, moment_of

DAYS = 7
MOST_TRIES = 5
# Read aloud over a telephone: no letter that sounds or looks like another.
_ALPHABET = "ACDEFHJKLMNPRTUVWXY34679"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def make_link(*, referral: Referral, by: User) -> tuple[Link, str, str]:
    """A link to one referral and its code, each shown this once. An earlier one leads nowhere from now on.

    Raises:
        CannotDoError: it is not with the partner.
    """
    referral = locked(referral)
    if not access.may_write(by, referral):
        raise PermissionDenied
    if referral.standing not in WITH_PARTNER:
        raise CannotDoError("Send it first: a link leads to what was sent.")
    end_links(referral, "A newer link was made.")
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    made = Link.objects.create(
        referral=referral,
        token=_digest(token),
        code=_digest(code),
        made_by=by,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    record(by=by, what="referral.link-made", about=f"referral:{referral.pk}")
    return made, token, code


def end_links(referral: Referral, why: str) -> None:
    """Have the links of a referral lead nowhere."""
    referral.links.filter(ended_at=None).update(ended_at=timezone.now(), ended_why=why)


def link_of(token: str) -> Link | None:
    """The link that a secret belongs to."""
    if not 20 <= len(token) <= 80:
        return None
    return (
        Link.objects.filter(token=_digest(token))
        .select_related("referral__organisation", "referral__by", "referral__service", "referral__force")
        .first()
    )


class Shut(StrEnum):
    """Why a link lets nobody in."""

    ENDED = "it had been ended"
    LATE = "it was too late"
    USED = "it had been used"


def cannot_use(link: Link) -> Shut | None:
    """Why a link lets nobody in; None when it does."""
    if link.ended_at:
        return Shut.ENDED
    if timezone.now() >= link.expires_at:
        return Shut.LATE
    return Shut.USED if link.accepted_at else None


def said_of(link: Link, why: Shut) -> str:
    """The same in words, for whoever came by it."""
    another = gettext("Ask whoever sent it for another.")
    if why is Shut.ENDED:
        return f"{gettext(link.ended_why)} {another}"
    if why is Shut.LATE:
        until = day_of(timezone.localtime(link.expires_at))
        return gettext("It could be used until %(day)s.") % {"day": until} + f" {another}"
    assert link.accepted_at is not None
    used = gettext("It was used on %(moment)s, and serves once.") % {"moment": moment_of(link.accepted_at)}
    return f"{used} {another}"


def accept(*, link: Link, code: str, name: str, post: str, email: str) -> Link:
    """Go in with the code, saying who one is. It serves once; five wrong codes end it, and the officer is told.

    Raises:
        CannotDoError: the link or the code does not serve, or something is left unsaid.
    """
    problem = ""
    with transaction.atomic():
        link = Link.objects.select_for_update(of=("self",)).select_related("referral__by").get(pk=link.pk)
        if shut := cannot_use(link):
            problem = said_of(link, shut)
        if not problem:
            problem = _tried(link, "".join(code.upper().split()).replace("-", ""))
        if not problem and not (name.strip() and post.strip() and "@" in email):
            problem = "Say who you are: your name, your role and your work e-mail address."
        if not problem:
            link.accepted_at = timezone.now()
            link.name, link.post, link.email = name.strip()[:120], post.strip()[:120], email.strip()[:254]
            link.save()
            referral = locked(link.referral)
            append(referral, Step.OPEN, who_of(link, referral))
    # Said after the count of tries is kept.
    if problem:
        raise CannotDoError(problem)
    return link


def _tried(link: Link, code: str) -> str:
    if hmac.compare_digest(_digest(code), link.code):
        return ""
    link.tries += 1
    left = MOST_TRIES - link.tries
    if left <= 0:
        link.ended_at, link.ended_why = timezone.now(), "Too many wrong codes were given."
        tell_people(
            [link.referral.by],
            about=f"referral:{link.referral_id}",
            subject=f"{link.referral.number}: its link no longer works",
            text="Five wrong codes were given for a link of yours, so it no longer works. Ring the agency, and make another.",
        )
        record(by=None, what="referral.link-locked", about=f"referral:{link.referral_id}")
    link.save()
    return (
        ngettext("The code is not right. %d more try.", "The code is not right. %d more tries.", left) % left
        if left > 0
        else link.ended_why
    )


def who_of(link: Link, referral: Referral) -> Who:
    """Whoever went in by a link."""
    return Who(f"{link.name}, {link.post} ({link.email})", None, referral.organisation)
