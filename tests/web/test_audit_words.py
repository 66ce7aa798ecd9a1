"""Every entry that the site can write says what was done in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from django.test import Client

import wholepicture.web
from wholepicture.core.licensing import MOVES
from wholepicture.core.partners.lifecycle import Step as ReferralStep
from wholepicture.web.accounts.models import Role, User
from wholepicture.web.audit.words import AREAS, WHAT, about_in_words
from wholepicture.web.encounters.models import (
    AssessmentReview,
    FoundInText,
    Identification,
    RetentionDecision,
)
from wholepicture.web.programmes.models import (
    Decision,
    Judgement,
    Place,
    ProviderDecision,
    Result,
    Verification,
)

WEB = Path(wholepicture.web.__file__).parent


def written() -> set[str]:
    source = "\n".join(p.read_text("utf-8") for p in WEB.rglob("*.py") if p.name != "words.py")
    found = set(re.findall(r'what="([a-z]+\.[a-z-]+)"', source))
    found |= {f"finding.{d}" for d in FoundInText.Decision.values}
    found |= {f"assessment.{o}" for o in AssessmentReview.Outcome.values}
    decided = set(RetentionDecision.Decision.values)
    found |= {f"retention.{d}" for d in decided}
    found |= {f"programme.{s}" for s in Judgement.Said.values}
    found |= {f"provider.{s}" for s in ProviderDecision.Said.values}
    found |= {f"criterion.{s}" for s in Decision.Said.values}
    found |= {f"decision.{s}" for s in Verification.Said.values}
    found |= {f"result.{s}" for s in Result.Said.values}
    found |= {f"licence.{m.step}" for m in MOVES}
    found |= {f"referral.{s}" for s in ReferralStep}
    found |= {f"place.{s}" for s in (Place.State.JOINED, Place.State.WAITING)}
    return found | {f"identity.{s.replace('_', '-')}" for s in Identification.Said.values}


def test_whatever_is_written_has_words() -> None:
    assert written() - WHAT.keys() == set()


def test_words_are_kept_only_for_what_is_written() -> None:
    assert WHAT.keys() - written() == {
        "characteristics.forgotten",
        "evidence.signed",
        "exercise.marked",
        "person.copy-prepared",
        "person.glass-broken",
        "person.opened",
        "review.action",
    }  # chosen by a condition


def test_every_area_finds_something() -> None:
    assert [a for a in AREAS if not any(w.startswith(a) for w in WHAT)] == []


def test_a_number_is_shortened_and_a_name_kept() -> None:
    assert about_in_words("person:3f2a1b9c-0000-4000-8000-000000000000") == "record 3f2a1b9c"
    assert about_in_words("token:12") == "token 12"


def test_the_auditor_reads_words(make_user: Callable[..., User], signed_in: Callable[[User], Client]) -> None:
    auditor = make_user(Role.AUDITOR)
    auditor.first_name, auditor.last_name = "Idris", "Khan"
    auditor.save()
    page = signed_in(auditor).post("/audit", {"what": "account."}).content.decode()
    assert "signed in" in page
    assert "account.signed-in" not in page
    assert "user:" not in page
