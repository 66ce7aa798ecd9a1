"""What each kind of person gets at each address of programmes: allowed, refused or not there."""

from __future__ import annotations

from functools import partial

from tests.web.asking import BAD, DONE, NO, NONE, OK
from tests.web.asking import row as asked_by

# Somebody of each kind. "assessor" has the learner; "second" was asked for a second opinion; "witness" is their supervisor too.
WHO = (
    "nobody",
    "learner",
    "other learner",
    "witness",
    "assessor",
    "second",
    "trainer",
    "verifier",
    "lead",
    "reviewer",
    "chief",
    "partner",
    "foreign trainer",
    "foreign verifier",
    "administrator",
)


row = partial(asked_by, WHO)

FOREIGN = {"foreign_trainer": NONE, "foreign_verifier": NONE}
SEES = row(
    NO,
    assessor=OK,
    second=OK,
    trainer=OK,
    verifier=OK,
    lead=OK,
    reviewer=OK,
    chief=OK,
    foreign_trainer=OK,
    foreign_verifier=OK,
)
JOINS = row(OK, reviewer=NO, partner=NO)
# What is about one learner's portfolio: the learner, their assessor and verifiers of the force.
PORTFOLIO = row(NONE, learner=OK, assessor=OK, verifier=OK, partner=NO)
OWN = row(NONE, learner=OK, partner=NO)
OWN_POST = row(NONE, learner=DONE, partner=NO)
RUNS = row(NO, trainer=OK, foreign_trainer=NONE)
RUNS_POST = row(NO, trainer=DONE, foreign_trainer=NONE)
RUNS_BAD = row(NO, trainer=BAD, foreign_trainer=NONE)
COHORT = row(NO, trainer=OK, verifier=OK, lead=OK, **FOREIGN)
# Making a change to a cohort: those who see it but do not run it are refused.
COHORT_POST = row(NO, trainer=DONE, foreign_trainer=NONE, foreign_verifier=NONE)
COHORT_BAD = row(NO, trainer=BAD, foreign_trainer=NONE, foreign_verifier=NONE)
VERIFIES = row(NO, verifier=OK, foreign_verifier=NONE)
VERIFIES_BAD = row(NO, verifier=BAD, foreign_verifier=NONE)
LEADS_BAD = row(NO, lead=BAD, assessor=NO, **FOREIGN, reviewer=NO)
PROVIDER = row(NO, assessor=OK, second=OK, trainer=OK, verifier=OK, lead=OK, chief=OK, **FOREIGN)
PROVIDER_BAD = row(NO, lead=BAD, **FOREIGN)
REVIEW = row(
    NO, trainer=OK, verifier=OK, lead=OK, reviewer=OK, assessor=NONE, second=NONE, chief=NONE, **FOREIGN
)
REVIEWS_BAD = row(
    NO,
    reviewer=BAD,
    trainer=NONE,
    verifier=NONE,
    lead=NONE,
    assessor=NONE,
    second=NONE,
    chief=NONE,
    **FOREIGN,
)
# Evidence: of the portfolio, and who was asked to look at it.
EVIDENCE = row(NONE, learner=OK, witness=OK, assessor=OK, second=OK, verifier=OK, reviewer=OK)
FIGURES = row(NO, trainer=OK, verifier=OK, lead=OK, chief=OK, foreign_trainer=OK, foreign_verifier=OK)

EXPECTED: dict[str, tuple[str, tuple[object, ...]]] = {
    "programmes:home": ("get", SEES),
    "programmes:programme": ("get", SEES),
    "programmes:version": ("get", SEES),
    "programmes:propose": ("get", row(NO, trainer=OK, foreign_trainer=OK)),
    "programmes:mine": ("get", JOINS),
    "programmes:new-calendar": ("post", row(DONE, reviewer=NO, partner=NO)),
    "programmes:about-me": ("get", JOINS),
    "programmes:calendar": ("get", (OK,) * len(WHO)),
    "programmes:ask": ("get", row(OK, reviewer=NO, partner=NO, **FOREIGN)),
    "programmes:place": ("get", PORTFOLIO),
    "programmes:hand-in": ("post", OWN_POST),
    "programmes:leave": ("post", row(NONE, learner=BAD, partner=NO)),
    "programmes:add-evidence": ("get", row(NONE, learner=OK, assessor=OK, verifier=NO, partner=NO)),
    "programmes:test": ("get", OWN),
    "programmes:feedback": ("get", OWN),
    "programmes:criterion": ("get", PORTFOLIO),
    "programmes:manage-place": ("get", RUNS),
    "programmes:give-place": ("post", RUNS_POST),
    "programmes:show-entry": ("post", RUNS_POST),
    "programmes:adjust": ("post", RUNS_BAD),
    "programmes:end-place": ("post", RUNS_BAD),
    "programmes:release": ("post", RUNS_BAD),
    "programmes:end-adjustment": ("post", RUNS_POST),
    "programmes:evidence": ("get", EVIDENCE),
    "programmes:withdraw": (
        "post",
        row(NONE, learner=BAD, witness=NO, assessor=NO, second=NO, verifier=NO, reviewer=NO),
    ),
    "programmes:testify": ("get", row(NONE, witness=OK)),
    "programmes:document": ("get", EVIDENCE),
    "programmes:view": ("get", row(NONE, witness=OK)),
    "programmes:award": ("get", row(NONE, other_learner=OK, trainer=OK)),
    "programmes:verify": ("get", (OK,) * len(WHO)),
    "programmes:assessing": ("get", row(NO, assessor=OK, second=OK)),
    "programmes:action-done": ("post", row(NO, assessor=BAD, second=NONE)),
    "programmes:ask-opinion": ("post", row(NONE, learner=BAD, assessor=BAD, verifier=BAD, partner=NO)),
    "programmes:opinion": ("get", row(NO, second=OK, assessor=NONE, verifier=NONE, foreign_verifier=NONE)),
    "programmes:name-assessor": ("get", VERIFIES),
    "programmes:cohorts": (
        "get",
        row(NO, trainer=OK, verifier=OK, lead=OK, foreign_trainer=OK, foreign_verifier=OK),
    ),
    "programmes:cohort": ("get", COHORT),
    "programmes:move-cohort": ("post", COHORT_BAD),
    "programmes:keep-places": ("post", COHORT_BAD),
    "programmes:add-learner": ("post", COHORT_BAD),
    "programmes:new-session": ("get", row(NO, trainer=OK, foreign_trainer=NONE, foreign_verifier=NONE)),
    "programmes:new-plan": ("get", VERIFIES),
    "programmes:new-review": ("get", row(NO, lead=OK)),
    "programmes:session": ("get", RUNS),
    "programmes:cancel-session": ("post", RUNS_POST),
    "programmes:qualifications": (
        "get",
        row(NO, trainer=OK, verifier=OK, lead=OK, foreign_trainer=OK, foreign_verifier=OK),
    ),
    "programmes:provider": ("get", PROVIDER),
    "programmes:decide-on-provider": ("post", PROVIDER_BAD),
    "programmes:visit": ("post", PROVIDER_BAD),
    "programmes:close-provider-action": ("post", row(NO, lead=BAD)),
    "programmes:quality": ("get", row(NO, verifier=OK, foreign_verifier=OK)),
    "programmes:plan": ("get", VERIFIES),
    "programmes:add-sampled": ("post", VERIFIES_BAD),
    "programmes:sampled": ("get", VERIFIES),
    "programmes:take-out": ("post", VERIFIES_BAD),
    "programmes:difference": ("get", VERIFIES),
    "programmes:exercise": ("get", row(NO, assessor=OK, second=OK, verifier=OK, foreign_verifier=NONE)),
    "programmes:close-exercise": (
        "post",
        row(NO, assessor=NO, second=NO, verifier=DONE, foreign_verifier=NONE),
    ),
    "programmes:agree": ("post", row(NO, assessor=NO, second=NO, verifier=BAD, foreign_verifier=NONE)),
    "programmes:review": ("get", REVIEW),
    "programmes:more": (
        "post",
        row(
            NO,
            reviewer=DONE,
            trainer=NONE,
            verifier=NONE,
            lead=NONE,
            assessor=NONE,
            second=NONE,
            chief=NONE,
            **FOREIGN,
        ),
    ),
    "programmes:set-review-action": ("post", REVIEWS_BAD),
    "programmes:close-review": ("post", REVIEWS_BAD),
    "programmes:reviewed": ("get", row(NO, reviewer=OK)),
    "programmes:answer-action": ("post", row(NO, trainer=BAD, verifier=BAD, **FOREIGN)),
    "programmes:close-review-action": ("post", row(NO, reviewer=DONE)),
    "programmes:annual-review": ("get", row(NO, trainer=OK, verifier=OK, lead=OK, chief=OK, **FOREIGN)),
    "programmes:providers": (
        "get",
        row(
            NO,
            assessor=OK,
            second=OK,
            trainer=OK,
            verifier=OK,
            lead=OK,
            chief=OK,
            foreign_trainer=OK,
            foreign_verifier=OK,
        ),
    ),
    "programmes:new-cohort": ("get", row(NO, trainer=OK, foreign_trainer=OK)),
    "programmes:new-exercise": ("get", row(NO, verifier=OK, foreign_verifier=OK)),
    "programmes:line": (
        "get",
        row(NO, assessor=OK, second=OK, trainer=OK, verifier=OK, foreign_trainer=OK, foreign_verifier=OK),
    ),
    "programmes:figures": ("get", FIGURES),
    "programmes:new-annual-review": ("get", row(NO, trainer=OK, foreign_trainer=OK)),
}
