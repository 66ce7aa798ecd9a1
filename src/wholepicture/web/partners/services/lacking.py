"""What a draft lacks before it can go to a partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from wholepicture.core.partners.routes import Agreement, in_force, shipped_routes
from wholepicture.core.practice import Nation
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.partners.models import Referral
from wholepicture.web.partners.selectors.drafting import items_for
from wholepicture.web.partners.services.steps import route_of


@dataclass(frozen=True, slots=True)
class Missing:
    """What a draft lacks before it can go: ``part`` is the page that mends it."""

    part: str
    said: str


def missing(referral: Referral) -> list[Missing]:
    """Everything that a draft lacks, each with where to mend it."""
    draft, route = referral.draft, route_of(referral)
    catalogue = default_recogniser().catalogue
    found = []
    if not in_force(
        route, catalogue=catalogue, on=timezone.localdate(), nation=Nation(referral.force.nation)
    ):
        found.append(
            Missing("service", "This way of asking is not in force here. Take it back and choose another.")
        )
    if referral.service is None:
        found.append(Missing("service", "Choose whom you ask."))
    elif referral.service.status != "active":
        found.append(
            Missing("service", f"{referral.service.name} is {referral.service.status}. Choose another.")
        )
    answers = draft.get("answers", {})
    found += [
        Missing("questions", f"Answer: {q.text}")
        for q in route.questions
        if q.required and not str(answers.get(q.id, "")).strip()
    ]
    if "include" not in draft:
        found.append(Missing("share", "Choose what is shared."))
    else:
        found += [
            Missing("share", f"Say why this is left out: {i.words}")
            for i in items_for(referral)
            if i.suggested
            and i.item.concept not in draft["include"]
            and not draft.get("left_out", {}).get(i.item.concept)
        ]
    return found + _basis_missing(draft, route.agreement, set(route.bases))


def _basis_missing(draft: Mapping[str, Any], wanted: Agreement, allowed: set[str]) -> list[Missing]:
    basis = shipped_routes(default_recogniser().catalogue).bases.get(draft.get("basis", ""))
    if basis is None or basis.id not in allowed:
        return [Missing("basis", "Choose the lawful basis.")]
    agreed = draft.get("agreement", "")
    found = []
    if not agreed:
        found.append(Missing("basis", "Say whether the person was asked, and what they said."))
    elif not basis.override and agreed != "given":
        found.append(
            Missing(
                "basis",
                "Without their agreement this basis does not hold. Choose another, or do not send it.",
            )
        )
    elif (
        wanted is not Agreement.NOT_NEEDED and agreed != "given" and not draft.get("override_why", "").strip()
    ):
        found.append(Missing("basis", "Say why it is shared without their agreement."))
    if (
        agreed != "given"
        and wanted is Agreement.NEEDED
        and basis.id == "statutory-duty"
        and not draft.get("override_why")
    ):
        found.append(Missing("basis", "This way of asking needs their agreement, or a reason why not."))
    return found
