"""What an entry says, in words that an auditor need not look up."""

AREAS = {
    "": "Anything",
    "account.": "Signing in, and users",
    "person.": "A person's record",
    "people.": "Searches for people",
    "identity.": "Who somebody is",
    "encounter.": "An account",
    "finding.": "What was recognised in an account",
    "picture.": "A picture",
    "assessment": "Assessments and their review",
    "token.": "Tokens of other systems",
    "api.": "The API",
    "audit.": "The audit itself",
}
WHAT = {
    "account.closed": "closed a user's access",
    "account.made": "added a user",
    "account.opened": "opened a user's access again",
    "account.password-changed": "changed their password",
    "account.password-given": "gave a user a new password",
    "account.refused": "a sign-in was refused",
    "account.role-changed": "changed a user's role",
    "account.second-factor-added": "set up an authenticator app or recovery codes",
    "account.second-factor-removed": "removed an authenticator app or recovery codes",
    "account.second-factor-taken-off": "took a user's authenticator app off",
    "account.signed-in": "signed in",
    "account.signed-out": "signed out",
    "api.looked": "had an account looked at through the API; nothing was kept",
    "assessment.agreed": "agreed with an assessment",
    "assessment.returned": "returned an assessment",
    "assessment.seen": "saw an assessment",
    "assessment.signed": "signed an assessment",
    "assessments.seen": "saw the assessments to review",
    "audit.person-report": "asked who looked at a record",
    "audit.searched": "searched the audit",
    "demo.signed-in": "changed role in the demonstration",
    "encounter.confirmed": "confirmed what an account says",
    "encounter.disclosed": "was given an account through the API",
    "encounter.quality-checked": "checked what was recognised in an account",
    "encounter.seen": "saw an account",
    "encounter.started": "recorded an account",
    "finding.accepted": "said that something recognised is right",
    "finding.added": "added what was missed",
    "finding.not_yet": "took back what they said of something recognised",
    "finding.rejected": "said that something recognised is wrong",
    "identity.new": "made a record of somebody not known before",
    "identity.not-them": "said that somebody is not a known person",
    "identity.open": "left open who somebody is",
    "identity.them": "said that somebody is a known person",
    "matches.seen": "saw the matches to settle",
    "people.matched": "compared somebody with people known",
    "people.searched": "searched for a person",
    "person.glass-broken": "opened a restricted record in an emergency",
    "person.described": "described somebody in an account",
    "person.details-added": "added to what identifies a person",
    "person.disclosed": "was given a picture through the API",
    "person.joined": "joined two records",
    "person.made": "made a record",
    "person.opened": "opened a record, saying why",
    "person.opening-reviewed": "reviewed an emergency opening",
    "person.restricted": "restricted a record",
    "person.seen": "saw a record",
    "person.taken-apart": "took joined records apart",
    "picture.seen": "saw a picture",
    "question.answered": "answered what was not known",
    "token.issued": "made a token",
    "token.revoked": "stopped a token",
}
_THINGS = {
    "person": "record",
    "encounter": "account",
    "source": "account",
    "token": "token",
}


def about_in_words(about: str) -> str:
    """What an entry is about: the kind of thing and the start of its number, as pages show it."""
    kind, _, number = about.partition(":")
    if kind == "force":
        return "the whole force"
    return f"{_THINGS.get(kind, kind)} {number[:8] if len(number) == 36 else number}".strip()
