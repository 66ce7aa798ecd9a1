"""Made-up licences and cycles of the demo force, so that its pages have something to show. Plainly marked, and made once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wholepicture.core.days import months_after
from wholepicture.core.licensing import Step
from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.cpd.models import Cycle, Entry, Framework
from wholepicture.web.licensing.models import (
    CaseLed,
    Declaration,
    Licence,
    LicenceEvent,
    LicenceEvidence,
    Scheme,
)
from wholepicture.web.licensing.services.credentials import follow

# How many months ago each was granted: most in force, some near their end, one in grace.
GRANTED = (4, 9, 15, 20, 30, 34, 35, 36)
WAY = (Step.BEGIN, Step.SUBMIT, Step.ACCEPT, Step.ASSESS, Step.FORWARD, Step.GRANT)


@transaction.atomic
def make_demo_licences(force: Force) -> None:
    """Eight licensed investigators, and one whose application waits. Nothing is done a second time."""
    scheme = Scheme.objects.filter(force=force, slug="csa-investigator").order_by("-number").first()
    people = {u.username: u for u in User.objects.filter(force=force, demo=True)}
    investigators = list(
        User.objects.filter(force=force, username__startswith="demo-investigator-").order_by("pk")[:9]
    )
    if scheme is None or Licence.objects.filter(scheme__force=force).exists() or len(investigators) < 9:
        return
    lead, assessor = people["demo-licensing"], people["demo-assessor"]
    panel = [u for u in people.values() if u.role in (Role.CHIEF_OFFICER, Role.SAFEGUARDING, Role.SUPERVISOR)]
    for months, holder in zip(GRANTED, investigators, strict=False):
        licence = Licence.objects.create(scheme=scheme, holder=holder, assessor=assessor)
        day = months_after(timezone.localdate(), -months) - timedelta(days=3)
        by = {Step.BEGIN: [holder], Step.SUBMIT: [holder], Step.ASSESS: [assessor], Step.GRANT: panel}
        _told(licence, day, WAY, by, lead)
        _wellbeing(licence, lead)
        follow(licence)
        CaseLed.objects.bulk_create(
            CaseLed(
                person=holder,
                slug=scheme.slug,
                reference=f"DEMO/{holder.pk}/{n + 1}",
                began_on=timezone.localdate() - timedelta(days=9 * n + 3),
                by=lead,
            )
            for n in range(11 + months % 9)
        )
    waiting = Licence.objects.create(scheme=scheme, holder=investigators[8])
    _told(waiting, timezone.localdate() - timedelta(days=6), WAY[:2], {}, investigators[8])
    for n, standard in enumerate(scheme.content.standards):
        LicenceEvidence.objects.create(
            licence=waiting,
            title=f"A joint inquiry (made up), {n + 1}",
            text="Went with the social worker the same afternoon, saw each child alone, and recorded what each did and said.",
            happened_on=timezone.localdate() - timedelta(days=60 + n),
            standards=[standard.id],
            case=n < 3,
        )
    _cycle(force, people["demo-chief"])


def _told(
    licence: Licence, day: object, steps: tuple[Step, ...], by: dict[Step, list[User]], lead: User
) -> None:
    LicenceEvent.objects.bulk_create(
        LicenceEvent(
            licence=licence,
            number=n,
            step=step,
            on=day,
            by=[u.username for u in by.get(step, [lead])],
            names=[str(u) for u in by.get(step, [lead])],
            why="Made up for the demonstration." if step in (Step.ASSESS, Step.GRANT) else "",
        )
        for n, step in enumerate(steps)
    )


def _wellbeing(licence: Licence, lead: User) -> None:
    if licence.pk.int % 3:
        Declaration.objects.create(
            licence=licence, requirement="R6", on=timezone.localdate() - timedelta(days=70), by=lead
        )


def _cycle(force: Force, chief: User) -> None:
    framework = Framework.objects.filter(force=force, slug="csa-chief-officers").order_by("-number").first()
    if framework is None:
        return
    today = timezone.localdate()
    cycle = Cycle.objects.create(
        person=chief,
        framework=framework,
        begins_on=today - timedelta(days=120),
        ends_on=months_after(today - timedelta(days=120), 12),
        plan={"T5": "Sit in on a strategy discussion in each district."},
    )
    Entry.objects.create(
        cycle=cycle,
        kind=Entry.Kind.ASKED,
        title="Which open assessment has waited longest, and what does it wait for?",
        question="Q5",
        topics=["T4"],
        happened_on=today - timedelta(days=30),
        effect="It waited for a supervisor on leave. Reviews now go to a named deputy (made up).",
        shared_at=timezone.now(),
    )
