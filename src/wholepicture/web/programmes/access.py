"""Who may do and see what in programmes. Every read and change in this app asks here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from wholepicture.web.accounts.access import Permission, may
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.programmes.models import (
    Award,
    Cohort,
    Decision,
    Difference,
    Document,
    Evidence,
    Exercise,
    ExternalReview,
    Place,
    Programme,
    Provider,
    SamplingPlan,
    SecondOpinion,
    Version,
)


def _here(user: User, permission: Permission) -> bool:
    return may(user, permission) and user.force_id is not None


def may_see(user: User) -> bool:
    """Whether somebody sees programmes at all."""
    return _here(user, Permission.SEE_PROGRAMMES)


def may_propose(user: User) -> bool:
    """Whether somebody may propose a new version."""
    return _here(user, Permission.PROPOSE_PROGRAMMES)


def may_review(user: User, version: Version) -> bool:
    """Whether somebody may review a version: never their own."""
    return (
        may(user, Permission.REVIEW_PROGRAMMES)
        and version.programme.force_id == user.force_id
        and version.state == Version.State.PROPOSED
        and version.by_id != user.pk
    )


def may_approve(user: User, version: Version) -> bool:
    """Whether somebody may approve a reviewed version: neither who proposed it nor who reviewed it."""
    return (
        may(user, Permission.APPROVE_PROGRAMMES)
        and version.programme.force_id == user.force_id
        and version.state == Version.State.REVIEWED
        and version.by_id != user.pk
        and not version.judgements.filter(by=user).exists()
    )


def programmes_of(user: User) -> QuerySet[Programme]:
    """Programmes of somebody's own force."""
    return Programme.objects.filter(force_id=user.force_id) if may_see(user) else Programme.objects.none()


def may_approve_providers(user: User) -> bool:
    """Whether somebody approves, visits and withdraws providers."""
    return _here(user, Permission.APPROVE_PROVIDERS)


def may_run(user: User) -> bool:
    """Whether somebody runs cohorts: places, sessions, attendance, results."""
    return _here(user, Permission.RUN_COHORTS)


def may_assess(user: User) -> bool:
    """Whether somebody judges portfolios."""
    return _here(user, Permission.ASSESS_PORTFOLIOS)


def may_verify(user: User) -> bool:
    """Whether somebody assures the quality of assessment from inside."""
    return _here(user, Permission.VERIFY_ASSESSMENT)


def may_review_outside(user: User) -> bool:
    """Whether somebody reviews cohorts from outside."""
    return _here(user, Permission.REVIEW_COHORTS)


def may_see_figures(user: User) -> bool:
    """Whether somebody sees how a programme does, as counts."""
    return _here(user, Permission.SEE_PROGRAMME_FIGURES)


def may_join(user: User) -> bool:
    """Whether somebody may take a programme."""
    return _here(user, Permission.TAKE_TRAINING)


def may_set_line(user: User) -> bool:
    """Whether somebody judges where the line of a test is: who trains, assesses or verifies."""
    return may_run(user) or may_assess(user) or may_verify(user)


def providers_of(user: User) -> QuerySet[Provider]:
    """Providers of the force's programmes, for who sees programmes but is not from outside."""
    if not may_see(user) or may_review_outside(user):
        return Provider.objects.none()
    return Provider.objects.filter(programme__force_id=user.force_id)


def cohorts_of(user: User) -> QuerySet[Cohort]:
    """Cohorts that somebody may open: who runs them, assures their quality or leads on licences."""
    if may_run(user) or may_verify(user) or may_approve_providers(user):
        return Cohort.objects.filter(version__programme__force_id=user.force_id)
    return Cohort.objects.none()


def open_cohorts(user: User) -> QuerySet[Cohort]:
    """Cohorts that somebody may ask for a place in."""
    if not may_join(user):
        return Cohort.objects.none()
    return Cohort.objects.filter(version__programme__force_id=user.force_id, closed_at=None)


def places_run(user: User) -> QuerySet[Place]:
    """Places that somebody manages."""
    found = Place.objects.filter(cohort__version__programme__force_id=user.force_id)
    return found if may_run(user) else Place.objects.none()


def own_places(user: User) -> QuerySet[Place]:
    """Somebody's own places."""
    return Place.objects.filter(learner=user)


def places_assessed(user: User) -> QuerySet[Place]:
    """Places of learners whom somebody assesses."""
    return Place.objects.filter(assessor=user) if may_assess(user) else Place.objects.none()


def portfolios_of(user: User) -> QuerySet[Place]:
    """Portfolios that somebody may read whole, decisions too: their own, those they assess, and all of the force for a verifier.

    Not one on which they owe a second opinion: that is given without sight of what was said.
    """
    found = Q(learner=user)
    if may_assess(user):
        found |= Q(assessor=user)
    if may_verify(user):
        owed = opinions_of(user).values("place")
        found |= Q(cohort__version__programme__force_id=user.force_id) & ~Q(pk__in=owed)
    return Place.objects.filter(found)


def evidence_of(user: User) -> QuerySet[Evidence]:
    """Evidence that somebody may read: of portfolios of theirs; as second assessor, witness or reviewer from outside only what they need."""
    found = Q(place__in=portfolios_of(user)) | Q(witness=user)
    opinions = SecondOpinion.objects.filter(assessor=user)
    ids = {e for o in opinions for e in evidence_ids(o.place_id, o.of.criterion)}
    for review in reviews_of(user):
        for reviewed in review.reviewed.select_related("decision"):
            ids.update(reviewed.decision.evidence)
    return Evidence.objects.filter(found | Q(pk__in=ids))


def evidence_ids(place: int, criterion: str) -> list[str]:
    """The evidence of one criterion of one place. Filtered here: SQLite cannot ask whether a JSON list holds something."""
    rows = Evidence.objects.filter(place_id=place).values_list("pk", "criteria")
    return [str(pk) for pk, criteria in rows if criterion in criteria]


def documents_of(user: User) -> QuerySet[Document]:
    """Files that somebody may download: those of evidence they may read."""
    return Document.objects.filter(pk__in=evidence_of(user).exclude(document=None).values("document"))


def opinions_of(user: User) -> QuerySet[SecondOpinion]:
    """Second opinions that somebody is asked for and has not given."""
    return SecondOpinion.objects.filter(assessor=user, decision=None)


def may_name_assessor(user: User, opinion: SecondOpinion) -> bool:
    """Whether somebody names who gives a second opinion."""
    return may_verify(user) and opinion.place.cohort.version.programme.force_id == user.force_id


def differences_of(user: User) -> QuerySet[Difference]:
    """Differences that somebody may read."""
    if not may_verify(user):
        return Difference.objects.none()
    return Difference.objects.filter(place__cohort__version__programme__force_id=user.force_id)


def may_settle(user: User, difference: Difference) -> bool:
    """Whether somebody may settle a difference: a verifier who has said nothing of it yet."""
    said = {difference.one.by_id, difference.other.by_id if difference.other else difference.raised_by_id}
    return (
        may_verify(user)
        and difference.settled_id is None
        and difference.place.cohort.version.programme.force_id == user.force_id
        and user.pk not in said
        and user.pk != difference.place.learner_id
    )


def plans_of(user: User) -> QuerySet[SamplingPlan]:
    """Sampling plans of the force, for a verifier."""
    if not may_verify(user):
        return SamplingPlan.objects.none()
    return SamplingPlan.objects.filter(cohort__version__programme__force_id=user.force_id)


def may_verify_decision(user: User, decision: Decision) -> bool:
    """Whether somebody may look at a decision again: never at their own, nor at one on themselves."""
    return (
        may_verify(user)
        and decision.place.cohort.version.programme.force_id == user.force_id
        and decision.by_id != user.pk
        and decision.place.learner_id != user.pk
        and decision.place.assessor_id != user.pk
    )


def exercises_of(user: User) -> QuerySet[Exercise]:
    """Exercises that somebody may open: a verifier all of the force, an assessor those they were asked to mark."""
    if may_verify(user):
        return Exercise.objects.filter(programme__force_id=user.force_id)
    return Exercise.objects.filter(marked__assessor=user) if may_assess(user) else Exercise.objects.none()


def reviews_of(user: User) -> QuerySet[ExternalReview]:
    """Reviews from outside that somebody carries out."""
    return (
        ExternalReview.objects.filter(reviewer=user)
        if may_review_outside(user)
        else ExternalReview.objects.none()
    )


def reviews_seen(user: User) -> QuerySet[ExternalReview]:
    """Reviews from outside that somebody may read: the reviewer, and those who must answer them."""
    if may_run(user) or may_verify(user) or may_approve_providers(user):
        return ExternalReview.objects.filter(cohort__version__programme__force_id=user.force_id)
    return reviews_of(user)


def may_open_review(user: User) -> bool:
    """Whether somebody asks a reviewer from outside in."""
    return may_approve_providers(user)


def awards_of(user: User) -> QuerySet[Award]:
    """Certificates that somebody may download: their own, and for who runs programmes those of the force."""
    own = Q(result__place__learner=user)
    if may_run(user):
        own |= Q(result__place__cohort__version__programme__force_id=user.force_id)
    return Award.objects.filter(own)


def people_who(user: User, *roles: Role) -> QuerySet[User]:
    """People of somebody's force in some roles, by name: to choose among."""
    return User.objects.filter(force_id=user.force_id, is_active=True, role__in=roles).order_by(
        "last_name", "first_name", "username"
    )
