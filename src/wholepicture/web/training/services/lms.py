"""The force's own learning system: set up, people who come from it, marks that go back, and its roster."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from lti_tool.models import LtiContext, LtiDeployment, LtiRegistration, LtiUser
from lti_tool.utils import sync_context_from_launch, sync_membership_from_launch, sync_user_from_launch
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.names_roles import NamesRolesProvisioningService

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import Force, Outgoing, Role, User
from wholepicture.web.audit.services import record
from wholepicture.web.training.access import may_teach
from wholepicture.web.training.lti import connector_of, make_keys
from wholepicture.web.training.models import Attempt, Course, Enrolment, Lms, LmsPlace, UsedLaunch
from wholepicture.web.training.services.courses import CannotDoError

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
NOT_PASSED_BELOW = 50
MOST_MEMBERS = 5_000


def may_connect(user: User) -> bool:
    """Whether somebody sets up learning systems: they let people in from outside, so an administrator does."""
    return may(user, Permission.MANAGE_ACCOUNTS) and user.force_id is not None


@transaction.atomic
def connect(
    *,
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    keyset_url: str,
    deployments: Iterable[str],
    by: User,
) -> Lms:
    """Set up a learning system.

    Raises:
        CannotDoError: it is set up already, an address is not https, or no deployment is named.
    """
    if not may_connect(by):
        raise PermissionDenied
    for address in (auth_url, token_url, keyset_url):
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise CannotDoError(f"{address} must begin with https://")
    named = sorted({d.strip() for d in deployments if d.strip()})
    if not named:
        raise CannotDoError("Give at least one deployment id. Launches of any other are refused.")
    try:
        with transaction.atomic():
            registration = LtiRegistration.objects.create(
                name=name,
                issuer=issuer.strip(),
                client_id=client_id.strip(),
                auth_url=auth_url,
                token_url=token_url,
                keyset_url=keyset_url,
            )
    except IntegrityError:
        raise CannotDoError("A learning system with this issuer and client id is set up already.") from None
    LtiDeployment.objects.bulk_create(
        LtiDeployment(registration=registration, deployment_id=d, is_active=True) for d in named
    )
    private, public = make_keys()
    made = Lms.objects.create(
        registration=registration, force_id=by.force_id, key=private, public_key=public, by=by
    )
    record(by=by, what="training.lms-connected", about=f"lms:{made.pk}", why=name)
    return made


@transaction.atomic
def disconnect(*, lms: Lms, by: User) -> None:
    """Let nobody in from a learning system any more. What people did stays theirs."""
    if not may_connect(by) or lms.force_id != by.force_id:
        raise PermissionDenied
    lms.registration.is_active = False
    lms.registration.save(update_fields=["is_active"])
    record(by=by, what="training.lms-stopped", about=f"lms:{lms.pk}")


@transaction.atomic
def welcome(launched: Any) -> tuple[Lms, User]:
    """Who comes by a launch: their own account here, which has training and nothing else.

    Never an account that was made in any other way: a learning system must not be a door to records of the public.
    """
    lms = Lms.objects.select_related("force", "registration").get(registration=launched.registration)
    outside = sync_user_from_launch(launched)
    context = sync_context_from_launch(launched)
    sync_membership_from_launch(launched, outside, context)
    learner = _account(outside, lms.force)
    record(by=learner, what="training.came-from-lms", about=f"lms:{lms.pk}")
    return lms, learner


def _account(outside: LtiUser, force: Force) -> User:
    """The account of somebody of a learning system. No mail address is kept: reminders are the learning system's there."""
    if outside.email or outside.picture_url:
        outside.email, outside.picture_url = "", ""
        outside.save(update_fields=["email", "picture_url"])
    learner = outside.auth_user
    if learner is not None and learner.is_active:
        return learner
    if learner is not None:
        raise LtiException("Your access here is closed. Ask whoever runs training in your force.")
    first, last = outside.given_name, outside.family_name
    if not (first or last):
        first, _, last = (outside.name or "A learner").partition(" ")
    learner = User(
        username=f"lms-{uuid.uuid4().hex[:20]}",
        first_name=first[:150],
        last_name=last[:150],
        role=Role.LEARNER,
        force=force,
    )
    learner.set_unusable_password()
    learner.save()
    outside.auth_user = learner
    outside.save(update_fields=["auth_user"])
    record(by=None, what="account.made", about=f"user:{learner.pk}", why="from a learning system")
    return learner


@transaction.atomic
def keep_place(*, lms: Lms, learner: User, course: Course, item: str, launched: Any) -> LmsPlace | None:
    """Remember where this learner's mark goes, if the learning system takes one; the latest launch says."""
    endpoint = launched.get_claim(AGS)
    if not isinstance(endpoint, dict) or SCORE not in endpoint.get("scope", []):
        return None
    place, _ = LmsPlace.objects.update_or_create(
        lms=lms,
        learner=learner,
        course=course,
        item=item,
        defaults={"subject": launched.get_claim("sub"), "endpoint": endpoint, "at": timezone.now()},
    )
    return place


def mark_of(attempt: Attempt) -> tuple[int, str]:
    """The one mark of an attempt, 0 to 100, and what is said with it.

    The mean of the share seen and the share of empty passages left alone; below 50 unless passed, so that a learning
    system whose pass mark is 50 passes just whom we do. It says nothing of the scenario's people.
    """
    result = attempt.result or {}
    seen, false = result["sensitivity"], result["false_alarm_rate"]
    shares = [s for s in (seen, None if false is None else 1 - false) if s is not None]
    mark = round(100 * sum(shares) / len(shares)) if shares else 0
    hits, misses, *_ = result["counts"]
    said = f"Seen: {hits} of {hits + misses}. Imagined: {len(result['imagined'])}."
    if result["passed"]:
        return max(mark, NOT_PASSED_BELOW), said
    if result["critical"]:
        said += " Something critical was missed."
    return min(mark, NOT_PASSED_BELOW - 1), said


def send_mark(attempt: Attempt) -> None:
    """Put the mark of an attempt down to be sent where it belongs. Call it in the transaction that hands it in."""
    mark, said = mark_of(attempt)
    _put_down(attempt.learner, attempt.version.course_id, attempt.item, mark, said)


def send_completion(enrolment: Enrolment) -> None:
    """Put the completion of a course down to be sent."""
    _put_down(enrolment.learner, enrolment.course_id, "", 100, "Completed.")


def _put_down(learner: User, course: int, item: str, mark: int, said: str) -> None:
    places = LmsPlace.objects.filter(
        learner=learner, course_id=course, item=item, lms__registration__is_active=True
    )
    Outgoing.objects.bulk_create(
        Outgoing(
            kind=Outgoing.Kind.LMS,
            force_id=learner.force_id,
            about=f"training:place-{place.pk}",
            body={"place": place.pk, "mark": mark, "said": said, "at": timezone.now().isoformat()},
        )
        for place in places
    )


def deliver_mark(item: Outgoing) -> str:
    """Send one mark; what went wrong, or nothing. One column a course or step: none is made beside the one that is there."""
    place = (
        LmsPlace.objects.filter(pk=item.body["place"]).select_related("lms__registration", "course").first()
    )
    if place is None or not place.lms.registration.is_active:
        return ""
    try:
        service = AssignmentsGradesService(connector_of(place.lms), place.endpoint)
        column = None
        if not place.endpoint.get("lineitem"):
            column = (
                LineItem()
                .set_tag(f"wholepicture-{place.course.slug}-{place.item}".rstrip("-"))
                .set_score_maximum(100)
                .set_label(place.course.title)
            )
        service.put_grade(_grade(place, item), column)
    except (LtiException, requests.RequestException, KeyError, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _grade(place: LmsPlace, item: Outgoing) -> Grade:
    return (
        Grade()
        .set_score_given(item.body["mark"])
        .set_score_maximum(100)
        .set_timestamp(item.body["at"])
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
        .set_user_id(place.subject)
        .set_comment(item.body["said"])
    )


def fetch_roster(*, context: LtiContext, by: User) -> int:
    """Ask a learning system who is in one of its courses, and give each an account here; how many there are.

    Raises:
        CannotDoError: it does not say who is in it, or cannot be reached.
    """
    lms = Lms.objects.select_related("force", "registration").get(
        registration=context.deployment.registration
    )
    if not (may_teach(by) or may_connect(by)) or lms.force_id != by.force_id:
        raise PermissionDenied
    if not context.memberships_url:
        raise CannotDoError(
            "That learning system has not said where its roster is. Open training from it once."
        )
    try:
        service = NamesRolesProvisioningService(
            connector_of(lms),
            {"context_memberships_url": context.memberships_url, "service_versions": ["2.0"]},
        )
        members = service.get_members()[:MOST_MEMBERS]
    except (LtiException, requests.RequestException, KeyError, ValueError) as error:
        raise CannotDoError(f"The roster could not be had: {error}"[:300]) from None
    with transaction.atomic():
        context.update_memberships(
            [{**m, "status": m.get("status", "Active"), "roles": m.get("roles", [])} for m in members]
        )
        subs = [m["user_id"] for m in members]
        for outside in LtiUser.objects.filter(registration=lms.registration, sub__in=subs):
            _account(outside, lms.force)
        record(by=by, what="training.roster-fetched", about=f"lms:{lms.pk}", why=f"{len(members)} people")
    return len(members)


def forget_used(now: datetime) -> int:
    """Let go of used launches whose tokens have long ended anyway."""
    gone, _ = UsedLaunch.objects.filter(at__lt=now - timedelta(days=2)).delete()
    return gone
