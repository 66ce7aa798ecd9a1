"""What of programmes waits for somebody, for the first page."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.trays import Tray, Waiting
from wholepicture.web.programmes import access
from wholepicture.web.programmes.models import (
    Evidence,
    Marked,
    Place,
    ProviderAction,
    ReviewAction,
    Sampled,
    SecondOpinion,
    SupervisorView,
    Verification,
    Version,
)
from wholepicture.web.programmes.selectors import portfolio


def of(user: User) -> list[Tray]:
    """What is asked of somebody, by each part they have in programmes."""
    trays = [_asked(user)]
    if access.may_assess(user):
        trays.append(_assessing(user))
    if access.may_run(user):
        trays.append(_running(user))
    if access.may_verify(user):
        trays.append(_verifying(user))
    if access.may_approve_providers(user):
        trays.append(_leading(user))
    if access.may_review_outside(user):
        trays.append(_outside(user))
    return [t for t in trays if t.items or t.empty]


def _asked(user: User) -> Tray:
    """What anybody may be asked: as learner, witness or supervisor."""
    items = []
    places = (
        access.own_places(user)
        .filter(state=Place.State.JOINED, result=None)
        .select_related("cohort__version__programme")
    )
    for place in places:
        rows = portfolio.rows_of(place)
        items.append(
            Waiting(
                f"Portfolio: {place.cohort}",
                f"{sum(r.met for r in rows)} of {len(rows)} met, due {place.due:%-d %B %Y}",
                reverse("programmes:place", args=[place.pk]),
                place.joined_at or place.asked_at,
            )
        )
    witness = Evidence.objects.filter(witness=user, signed_at=None, declined_at=None, withdrawn_at=None)
    items += [
        Waiting(
            f"{e.place.learner} asks what you saw",
            e.title,
            reverse("programmes:testify", args=[e.pk]),
            e.at,
        )
        for e in witness.select_related("place__learner")
    ]
    views = SupervisorView.objects.filter(supervisor=user, given_at=None, due_on__lte=timezone.localdate())
    items += [
        Waiting(
            f"How does {v.place.learner} do at work?",
            f"{v.months} months after passing",
            reverse("programmes:view", args=[v.pk]),
            v.place.result.at,
        )
        for v in views.select_related("place__learner", "place__result")
    ]
    return Tray("Programmes", tuple(items), "", reverse("programmes:mine") if access.may_join(user) else "")


def _assessing(user: User) -> Tray:
    places = list(
        access.places_assessed(user)
        .filter(state=Place.State.JOINED, result=None)
        .select_related("learner", "cohort__version__programme")
    )
    items = [
        Waiting(
            f"{w.row.criterion.id} of {w.place.learner}",
            w.row.where.why or w.row.criterion.text,
            reverse("programmes:criterion", args=[w.place.pk, w.row.criterion.id]),
            w.since,
        )
        for w in portfolio.waiting_for(places)
    ]
    items += [
        Waiting(
            f"Second opinion: {o.of.criterion}",
            f"of {o.place.number}, without sight of the first",
            reverse("programmes:opinion", args=[o.pk]),
            o.at,
        )
        for o in access.opinions_of(user).select_related("of", "place")
    ]
    items += _exercises(user)
    actions = Verification.objects.filter(
        sampled__decision__by=user, due_on__isnull=False, done_at=None
    ).select_related("sampled__decision__place")
    items += [
        Waiting(
            f"To do by {v.due_on:%-d %B}: {v.sampled.decision.criterion} of {v.sampled.decision.place.number}",
            v.feedback,
            reverse("programmes:assessing"),
            v.at,
        )
        for v in actions
    ]
    return Tray("Assessing", tuple(items), "Nothing waits to be assessed.", reverse("programmes:assessing"))


def _exercises(user: User) -> list[Waiting]:
    marked = Marked.objects.filter(assessor=user, signed_at=None, exercise__closed_at=None)
    return [
        Waiting(
            m.exercise.title,
            f"pieces to judge by {m.exercise.closes_on:%-d %B %Y}",
            reverse("programmes:exercise", args=[m.exercise_id]),
            m.exercise.at,
        )
        for m in marked.select_related("exercise")
    ]


def _running(user: User) -> Tray:
    asked = access.places_run(user).filter(state=Place.State.ASKED).select_related("learner", "cohort")
    items = [
        Waiting(
            f"{p.learner} asks for a place",
            str(p.cohort),
            reverse("programmes:cohort", args=[p.cohort_id]),
            p.asked_at,
        )
        for p in asked
    ]
    items += _answers(user)
    return Tray(
        "Cohorts", tuple(items), "Nobody waits for an answer about a place.", reverse("programmes:cohorts")
    )


def _answers(user: User) -> list[Waiting]:
    """Actions from outside that nobody has answered."""
    actions = ReviewAction.objects.filter(
        review__cohort__version__programme__force_id=user.force_id, answered_at=None, closed_at=None
    ).select_related("review__cohort")
    return [
        Waiting(
            f"From outside, by {a.due_on:%-d %B}: {a}",
            "holds results" if a.blocks else str(a.review.cohort),
            reverse("programmes:review", args=[a.review_id]),
            a.at,
        )
        for a in actions
    ]


def _verifying(user: User) -> Tray:
    items = [
        Waiting(
            f"Settle: {d.criterion} of {d.place.number}",
            "two judged differently",
            reverse("programmes:difference", args=[d.pk]),
            d.at,
        )
        for d in access.differences_of(user)
        .filter(settled=None)
        .select_related("place__cohort__version__programme", "one", "other")
        if access.may_settle(user, d)
    ]
    opinions = SecondOpinion.objects.filter(
        place__cohort__version__programme__force_id=user.force_id, decision=None, assessor=None
    ).select_related("of", "place")
    items += [
        Waiting(
            f"Name who judges {o.of.criterion} of {o.place.number}",
            o.why,
            reverse("programmes:name-assessor", args=[o.pk]),
            o.at,
        )
        for o in opinions
    ]
    items += [
        Waiting(
            f"Second opinion: {o.of.criterion}",
            f"of {o.place.number}, without sight of the first",
            reverse("programmes:opinion", args=[o.pk]),
            o.at,
        )
        for o in access.opinions_of(user).select_related("of", "place")
    ]
    for plan in access.plans_of(user).filter(verifier=user).select_related("cohort"):
        left = Sampled.objects.filter(plan=plan, out_at=None, verification=None).count()
        if left:
            items.append(
                Waiting(
                    f"{left} decisions to look at: {plan.cohort}",
                    plan.get_kind_display().lower(),
                    reverse("programmes:plan", args=[plan.pk]),
                    plan.at,
                )
            )
    items += _exercises(user)
    versions = Version.objects.filter(
        programme__force_id=user.force_id, state=Version.State.PROPOSED
    ).select_related("programme")
    items += [
        Waiting(
            f"To review: {v}",
            v.note,
            reverse("programmes:version", args=[v.programme.slug, v.number]),
            v.at,
        )
        for v in versions
        if access.may_review(user, v)
    ]
    return Tray(
        "Quality assurance",
        tuple(items),
        "Nothing waits to be looked at again.",
        reverse("programmes:quality"),
    )


def _leading(user: User) -> Tray:
    actions = ProviderAction.objects.filter(
        provider__programme__force_id=user.force_id, closed_at=None
    ).select_related("provider")
    items = [
        Waiting(
            f"{a.provider}: {a}",
            f"{'overdue since' if a.overdue else 'due'} {a.due_on:%-d %B %Y}",
            reverse("programmes:provider", args=[a.provider_id]),
            a.at,
        )
        for a in actions
    ]
    versions = Version.objects.filter(
        programme__force_id=user.force_id, state=Version.State.REVIEWED
    ).select_related("programme")
    items += [
        Waiting(
            f"To approve: {v}", v.note, reverse("programmes:version", args=[v.programme.slug, v.number]), v.at
        )
        for v in versions
        if access.may_approve(user, v)
    ]
    return Tray(
        "Providers and versions", tuple(items), "No provider has anything to do.", reverse("programmes:home")
    )


def _outside(user: User) -> Tray:
    items = [
        Waiting(
            f"Review: {r.cohort}",
            f"{r.reviewed.filter(said='').count()} decisions to look at",
            reverse("programmes:review", args=[r.pk]),
            r.at,
        )
        for r in access.reviews_of(user).filter(closed_at=None).select_related("cohort")
    ]
    answered = ReviewAction.objects.filter(
        Q(answered_at__isnull=False), review__reviewer=user, closed_at=None
    ).select_related("review__cohort")
    items += [
        Waiting(
            f"Answered: {a}", str(a.review.cohort), reverse("programmes:review", args=[a.review_id]), a.at
        )
        for a in answered
    ]
    return Tray("Reviews", tuple(items), "No review is asked of you.")
