"""Who may do what, by role. Other apps' access.py ask here what a role carries."""

from enum import StrEnum

from wholepicture.web.accounts.models import Role, User


class Permission(StrEnum):
    """What a role may carry."""

    RECORD_ENCOUNTER = "record an encounter and see the pictures it gives"
    SEE_FORCE_ENCOUNTERS = "see the encounters of everyone in the force"
    REFER = "ask partners to act for people, and see what came of it"
    ANSWER_REFERRALS = "answer what was sent to one's organisation"
    RUN_DIRECTORY = "keep the directory of services, and say who works for which organisation"
    WATCH_CONTROLS = "see which controls end soon or have failed"
    RUN_PLANS = "hold joint plans and minute meetings"
    CHECK_REFERRALS = "check another officer's referral before it goes"
    SEE_PARTNER_FIGURES = "see how partners answer, as counts"
    USE_API = "use the API with a token"
    SEARCH_PEOPLE = "search for people and open one with a reason"
    SEE_FORCE_PEOPLE = "see anyone in the force who is not restricted"
    SETTLE_MATCHES = "settle uncertain matches, join records and take them apart"
    RESTRICT_PEOPLE = "keep a record to a named list"
    REVIEW_OPENINGS = "review broken glass"
    REVIEW_ASSESSMENTS = "review other officers' assessments"
    REVIEW_RETENTION = "review how long records are kept, and dispose of them two together"
    ANSWER_SUBJECT_ACCESS = "give somebody a copy of what is held of them"
    SEE_AUDIT = "search the audit"
    MANAGE_ACCOUNTS = "make and close accounts of the force"
    TAKE_TRAINING = "take training and keep a record of it"
    MANAGE_TRAINING = "make courses, assign them and see how the force does"
    SEE_PROGRAMMES = "see taught programmes and what they cover"
    PROPOSE_PROGRAMMES = "propose a new version of a programme"
    REVIEW_PROGRAMMES = "review a proposed version of a programme"
    APPROVE_PROGRAMMES = "approve a reviewed version of a programme"
    APPROVE_PROVIDERS = "approve providers of programmes, visit them, and ask for reviews from outside"
    RUN_COHORTS = "run cohorts: places, sessions, attendance and results"
    ASSESS_PORTFOLIOS = "judge the portfolios of learners given to them"
    VERIFY_ASSESSMENT = "assure the quality of assessment from inside, and settle differences"
    REVIEW_COHORTS = "review cohorts from outside, as far as they are asked to"
    SEE_PROGRAMME_FIGURES = "see how a programme does, as counts"
    LEAD_CPD = "publish CPD frameworks, draw whose record is looked at, and look"
    SEE_BRIEFING = "see the force's own figures with questions to ask"
    RUN_LICENSING = "run licences: applications, hearings, the register"
    ASSESS_LICENCES = "assess applications for a licence against its standards"
    SIT_ON_PANELS = "sit on panels that decide on licences"
    CHECK_DEPLOYMENT = "ask whether somebody may lead a case today"
    SEE_CAPABILITY = "see who is licensed for what in the force"
    SEE_INSIGHT = "see the force's own figures, each with what it rests on"
    SEE_NEEDS = "see what practice misses, as counts, and propose training for it"
    RUN_HEALTH_CHECK = "open and close the force's health check, and keep its action plan"
    SEE_WELLBEING = "see, as counts, how people say they are"
    SEE_TEAM_TRAINING = "see who of one's team has completed what"


_LEARNS = frozenset({Permission.TAKE_TRAINING})
_FRONT_LINE = _LEARNS | {
    Permission.RECORD_ENCOUNTER,
    Permission.SEARCH_PEOPLE,
    Permission.USE_API,
    Permission.REFER,
}
_FORCE_WIDE = _FRONT_LINE | {Permission.SEE_FORCE_ENCOUNTERS, Permission.SEE_FORCE_PEOPLE}

CARRIES: dict[str, frozenset[Permission]] = {
    Role.OFFICER: _FRONT_LINE,
    Role.CONTROL_ROOM: _FRONT_LINE,
    Role.SUPERVISOR: _FORCE_WIDE
    | {
        Permission.REVIEW_ASSESSMENTS,
        Permission.WATCH_CONTROLS,
        Permission.CHECK_REFERRALS,
        Permission.RUN_PLANS,
        Permission.SEE_PARTNER_FIGURES,
        Permission.SEE_TEAM_TRAINING,
        Permission.SIT_ON_PANELS,
        Permission.CHECK_DEPLOYMENT,
    },
    Role.SAFEGUARDING: _FORCE_WIDE
    | {
        Permission.REVIEW_ASSESSMENTS,
        Permission.WATCH_CONTROLS,
        Permission.CHECK_REFERRALS,
        Permission.RUN_DIRECTORY,
        Permission.RUN_PLANS,
        Permission.SEE_PARTNER_FIGURES,
        Permission.SIT_ON_PANELS,
        Permission.CHECK_DEPLOYMENT,
        Permission.RESTRICT_PEOPLE,
        Permission.REVIEW_OPENINGS,
        Permission.REVIEW_RETENTION,
    },
    Role.RECORDS: _FORCE_WIDE
    | {Permission.SETTLE_MATCHES, Permission.REVIEW_RETENTION, Permission.ANSWER_SUBJECT_ACCESS},
    Role.AUDITOR: _LEARNS | {Permission.SEE_AUDIT},
    # Workforce roles and administrators run their part without seeing the people the police serve.
    Role.TRAINER: _LEARNS
    | {
        Permission.MANAGE_TRAINING,
        Permission.SEE_NEEDS,
        Permission.SEE_PROGRAMMES,
        Permission.PROPOSE_PROGRAMMES,
        Permission.RUN_COHORTS,
        Permission.SEE_PROGRAMME_FIGURES,
    },
    Role.LEARNER: _LEARNS,
    Role.ASSESSOR: _LEARNS
    | {Permission.SEE_PROGRAMMES, Permission.ASSESS_PORTFOLIOS, Permission.ASSESS_LICENCES},
    Role.INTERNAL_QUALITY: _LEARNS
    | {
        Permission.SEE_PROGRAMMES,
        Permission.REVIEW_PROGRAMMES,
        Permission.VERIFY_ASSESSMENT,
        Permission.SIT_ON_PANELS,
        Permission.SEE_PROGRAMME_FIGURES,
    },
    Role.EXTERNAL_QUALITY: frozenset({Permission.SEE_PROGRAMMES, Permission.REVIEW_COHORTS}),
    Role.LICENSING: _LEARNS
    | {
        Permission.SEE_PROGRAMMES,
        Permission.APPROVE_PROGRAMMES,
        Permission.APPROVE_PROVIDERS,
        Permission.SEE_PROGRAMME_FIGURES,
        Permission.RUN_LICENSING,
        Permission.CHECK_DEPLOYMENT,
        Permission.SEE_CAPABILITY,
    },
    Role.CPD: _LEARNS | {Permission.LEAD_CPD},
    Role.CHIEF_OFFICER: _LEARNS
    | {
        Permission.SEE_PROGRAMMES,
        Permission.SEE_PROGRAMME_FIGURES,
        Permission.SEE_BRIEFING,
        Permission.SEE_INSIGHT,
        Permission.SEE_NEEDS,
        Permission.RUN_HEALTH_CHECK,
        Permission.SEE_WELLBEING,
        Permission.SEE_PARTNER_FIGURES,
        Permission.SIT_ON_PANELS,
        Permission.CHECK_DEPLOYMENT,
        Permission.SEE_CAPABILITY,
    },
    Role.PARTNER: frozenset({Permission.ANSWER_REFERRALS}),
    Role.ANALYST: _LEARNS
    | {
        Permission.SEE_PARTNER_FIGURES,
        Permission.SEE_INSIGHT,
        Permission.SEE_NEEDS,
        Permission.RUN_HEALTH_CHECK,
    },
    Role.ADMINISTRATOR: _LEARNS | {Permission.MANAGE_ACCOUNTS, Permission.RUN_DIRECTORY},
}


def may(user: User, permission: Permission) -> bool:
    """Whether somebody's role carries a permission."""
    return bool(user.is_active and permission in CARRIES.get(user.role, frozenset()))
