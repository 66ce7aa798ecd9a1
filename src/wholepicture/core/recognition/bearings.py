"""The wordings by which it is told whom something is about: what ``cast`` takes its bearings from."""

from __future__ import annotations

import re

PREPOSITIONS = frozenset(
    ("by", "with", "from", "to", "for", "at", "of", "about", "against", "on", "towards", "near", "as")
)
DETERMINERS = frozenset(
    ("the", "a", "an", "his", "her", "their", "my", "ex", "own", "young", "elderly", "older", "late")
)
# Who may be the one an account is about, where nobody is called the victim; a suspect only in their own custody record.
MAY_BE_MAIN = {"person": 4, "child": 4, "suspect": 3, "caller": 2, "partner": 1, "family": 1}
OWN = ("his ", "her ", "their ", "my ")
REPORTED = re.compile(
    r"\b(?:re|ref|regarding|concerning|(?:concern|concerns|fears|fear|worries|welfare check) (?:for|on|re|about|over|of)|"
    r"(?:concerned|worried|anxious|scared) (?:re|for|about|that|as)|welfare of|reports?(?:ed|ing)? (?:of|on|that) (?:a )?missing|safety of)"
    r"(?: (?:the|a|an|her|his|their|my|own|adult|elderly|older|younger|young|missing|vulnerable|welfare|of|for|\d+|yo|year|old|yr))*\s*$"
)
# One of these stands in any opening that says whom a report is about.
HINTS = (
    " re ",
    " ref ",
    "regard",
    "concern",
    "worr",
    "fear",
    "welfare",
    "missing",
    "safety",
    "anxious",
    "scared",
)
TELLS_OF = re.compile(
    r"\b(?:reports?|reported|reporting|states|stated|says|said|rang|called|disclosed) (?:that )?(?:her|his|their|the) (?:\w+ )?$"
)
PARENT_OF = re.compile(
    r"\b(?:mother|mum|father|dad|parents?|carer|guardian|sister|brother|nan|grandmother) (?:of|to) (?:an? |the |her |his |their )?\W*$"
)
WHO = re.compile(r"\w+(?: \w+)?,? who\b")
FOR_AFTER = re.compile(
    r"^\W*(?:(?:marker|markers|flag|issues|concerns?|history|needs?|problems|diagnosis|noted|recorded)\W+){0,2}(?:for|of|re|on|regarding|with)\W+(?:the\W+|her\W+|his\W+)?$"
)
# What is said of somebody who did something, or was arrested for it; "was hit" is said of the one it was done to.
DID = re.compile(
    r"(?: (?:has|had|then|also|who|again))* (?:assaulted|attacked|hit|hits|punched|slapped|kicked|pushed|grabbed|strangled|threatened|smashed|"
    r"threw|pulled|hurt|raped|made off|fled|decamped)\b"
    r"|(?: (?:was|were|is|has|had|been|then|also|later|subsequently))* (?:arrested|charged|bailed|remanded|cautioned)\b"
)
INJURY = re.compile(
    r"bruis|\b(?:cuts?|cut|marks?|blood|bloody|burns?|scald|scratch\w*|graz\w+|wounds?|lumps?|swelling|redness|reddening|stitches)\b"
    r"|injur|swollen|black eye|fractur|broken|lacerat|bleed|stab wound"
)
# "She had a swollen eye", "he was punched": whose state it is, or to whom it was done, stands before it.
HAD = re.compile(
    r"(?:,? who)?(?: (?:also|still|now|clearly|visibly))?"
    r" (?:had|has|have|having|with|sustained|suffered|received|showed|got|presented with)(?: [^\s.,;]+){0,3} $"
)
BE = ("was", "were", "is", "been", "being", "got")
WAS = re.compile(
    r"(?:,? who)?(?: (?:has|had|have|also|then|was|were|is|been|being|repeatedly|badly))* (?:was|were|is|been|being|got) (?:repeatedly |badly )?$"
)
# How many sentences back a note's subject is looked for.
BACK = 2
MARK = re.compile(r"[,.;?!\n]")
BARE_GAP = re.compile(
    r"^[\s'\"()]*(?:(?:young|old|elderly|older|white|black|asian|lone|known|vulnerable)\s+)?$"
)
OWNED = re.compile(
    r" (?!(?:by|to|and|in|on|at|but|when|for|with|from|after|before|again|as|that|if|is|was|out|up|down|off|over|a|the|so|because|"
    r"about|around|against|into|onto|until|while|had|has|being|not)\b)[a-z]"
)
RELATIVE = re.compile(
    r" (?:ex|husband|wife|partner|boyfriend|girlfriend|son|daughter|sister|brother|mother|father|mum|dad|children|kids)\b"
)
