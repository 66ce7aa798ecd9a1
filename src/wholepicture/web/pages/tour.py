"""What each role does here first: a few steps, each with where it is and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from wholepicture.web.accounts.models import Role


@dataclass(frozen=True, slots=True)
class Stop:
    """One step: what to do, what comes of it, and the address's name ("" where it is reached from another page)."""

    what: str
    then: str
    address: str = ""


_RECORD = Stop(
    "Record an account",
    "Paste or write what happened, as you would in a log. What it says of every person in it is marked for you to check.",
    "encounters:start",
)
_PICTURE = Stop(
    "Look at the picture",
    "After you confirm, each person's page shows the ways to harm, what stands between, and what to ask next. Every statement opens to its words.",
)
_TRAIN = Stop(
    "Take a scenario",
    "Twenty minutes: a log arrives, you mark what matters, ask, and judge; then you see what you saw and missed.",
    "training:home",
)
_CHECK_IN = Stop(
    "Say how you are, if you want to",
    "Three questions a week that nobody can trace to you.",
    "insight:wellbeing",
)
_LICENCE = Stop(
    "See your licences and CPD", "What you hold, until when, and what is still to do.", "licensing:home"
)
_PROGRAMMES = Stop("Open Programmes", "What is taught and assessed, by version.", "programmes:home")
_FRONT = (
    _RECORD,
    _PICTURE,
    Stop(
        "Ask a partner from the picture",
        "Their own questions are filled in; you choose what is shared and see exactly what goes.",
        "partners:referrals",
    ),
    Stop("Sign an assessment", "Your judgement under the six THRIVE heads. The picture shows; you decide."),
    _TRAIN,
    _CHECK_IN,
)
TOURS: dict[str, tuple[Stop, ...]] = {
    Role.OFFICER: _FRONT,
    Role.CONTROL_ROOM: _FRONT,
    Role.SUPERVISOR: (
        Stop(
            "Review an assessment",
            "Agree, or send it back with a comment. The oldest is first.",
            "encounters:reviews",
        ),
        Stop(
            "Take a dip sample",
            "An account is drawn by chance; say what it says that nobody recorded. That becomes training.",
            "encounters:reviews",
        ),
        Stop(
            "Read the control watch",
            "What ends soon or has failed, worst first. Say what you do about it.",
            "partners:watch",
        ),
        Stop(
            "Ask whether somebody may lead a case",
            "Licences, conditions and exemptions of today.",
            "licensing:home",
        ),
        _TRAIN,
    ),
    Role.SAFEGUARDING: (
        Stop("Read the control watch", "What ends soon or has failed, worst first.", "partners:watch"),
        Stop(
            "Hold a joint plan",
            "Partners round one person; what the meeting decides goes into the picture.",
            "partners:plans",
        ),
        Stop("Keep the directory", "Who can act, and what they ask.", "partners:directory"),
        Stop("Look after restricted records", "Who opened what, with what reason.", "encounters:openings"),
    ),
    Role.RECORDS: (
        Stop(
            "Settle uncertain matches",
            "The same person under other spellings: yes, no, or leave it open, with your reason.",
            "encounters:queue",
        ),
        Stop("Review retention", "What is due, what may go, and who agrees.", "encounters:retention"),
    ),
    Role.TRAINER: (
        Stop(
            "See what practice misses",
            "From dip samples, as counts; give the training that is asked for.",
            "insight:needs",
        ),
        Stop(
            "Make a course your own",
            "A scenario from a narrative, with a key that three experts agree on blind.",
            "training:home",
        ),
        Stop("Run a cohort", "Places, sessions, attendance and results.", "programmes:home"),
    ),
    Role.LEARNER: (
        _TRAIN,
        Stop("See your programme", "Your cohort, portfolio and results.", "programmes:mine"),
        _CHECK_IN,
    ),
    Role.ASSESSOR: (
        Stop(
            "Judge a portfolio",
            "Evidence against criteria, with feedback that can be acted on.",
            "programmes:home",
        ),
        _LICENCE,
    ),
    Role.INTERNAL_QUALITY: (
        _PROGRAMMES,
        Stop("Draw a sample", "From a seed, so that it can be drawn again.", "programmes:home"),
    ),
    Role.EXTERNAL_QUALITY: (_PROGRAMMES,),
    Role.LICENSING: (
        Stop("Open the licensing desk", "Applications, hearings, what ends soon.", "licensing:home"),
        Stop(
            "See what the force can do", "Licensed people by scheme, and case loads.", "licensing:capability"
        ),
    ),
    Role.CPD: (
        Stop("Draw whose record is looked at", "From a seed; only what was shared is read.", "cpd:lead"),
    ),
    Role.CHIEF_OFFICER: (
        Stop(
            "See where the force stands",
            "Figures that open to what they are and what they do not say, with what to do next and why.",
            "insight:home",
        ),
        Stop(
            "Begin a health check",
            "Several people answer; your figures go in by themselves; you keep the plan.",
            "insight:health",
        ),
        Stop(
            "Ask your own people",
            "Your force's figures with questions to put; what you hear counts as your development.",
            "cpd:briefing",
        ),
        Stop(
            "See how people are",
            "As counts of ten or more; nobody's own answer.",
            "insight:wellbeing-figures",
        ),
    ),
    Role.ANALYST: (
        Stop("See where the force stands", "Figures with their queries, and downloads.", "insight:home"),
        Stop("Run a whole extract", "On the command line: wholepicture bulk run (analyst's guide)."),
        Stop("See how partners answer", "As counts, small ones kept back.", "partners:figures"),
    ),
    Role.PARTNER: (
        Stop(
            "Answer what you are asked",
            "Accept, decline with a reason, or say what you put in place and until when.",
            "partners:inbox",
        ),
        Stop("Look into the directory", "Other services, and what they ask.", "partners:directory"),
    ),
    Role.AUDITOR: (
        Stop(
            "Search the audit",
            "Who did or saw what, when and why; whole, or it says where it is not.",
            "encounters:audit",
        ),
    ),
    Role.ADMINISTRATOR: (
        Stop("Go through Getting started", "What a new force still has to do.", "pages:getting-started"),
        Stop(
            "Bring your staff in",
            "A list is read and shown before anybody is added.",
            "accounts:import-staff",
        ),
        Stop(
            "See which systems are told, and how the worker is",
            "What was sent, what waits, what failed.",
            "accounts:systems",
        ),
    ),
}
