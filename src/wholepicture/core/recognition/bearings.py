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
# Behind whoever is not there: "husband reports wife missing".
GONE = (" missing", " as missing", " is missing", " has gone missing", " has been missing")
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
    r"bruis|\b(?:unwashed|unkempt|emaciated|malnourished|cuts?|cut|marks?|blood|bloody|burns?|scald|scratch\w*|graz\w+|wounds?|lumps?|swelling|redness|reddening|stitches)\b"
    r"|injur|swollen|black eye|fractur|broken|lacerat|bleed|stab wound"
)
# "She had a swollen eye", "he was punched": whose state it is, or to whom it was done, stands before it.
HAD = re.compile(
    r" (?:had|has|have|having|with|sustained|suffered|received|needed|needing|required|is|was|looked|appeared|showed|got|presented with)(?: [^\s.,;]+){0,3} $"
)
HAS = ("needed", "needing", "requires", "required", "sustained", "suffered", "received")
AUXILIARY = re.compile(r"(?:(?:has|had|have|also|was|were|is|been|being|got) )+")
# What is done to whoever did it.
BY_LAW = re.compile(
    r"(?:convicted|arrested|charged|cautioned|bailed|remanded|imprisoned|jailed|sentenced|released|recalled|wanted)\b"
)
# To whom something may be done where they are named behind it.
DONE_TO = ("victim", "child", "person", "family", "caller", "partner")
# What is no more than who somebody is: "her abusive ".
PLAINLY = re.compile(
    r"(?:(?:the|an?|his|her|their|my|ip'?s|ap'?s|victim's|woman's|man's|by|with|and|ex|own|late|abusive|violent|current|new|former|on|off|long|term|"
    r"estranged|now|another)[ -])*"
)
# "Kane makes him carry", "told her to": he is not Kane, she not whoever told her.
MAKES = re.compile(
    r"\b(?:makes?|made|making|gets?|getting|got|forces?|forced|forcing|told|tells?|asks?|asked|lets?|letting|sends?|sent)(?: also)? $"
)
# Who stands by somebody, and how near "her" is to "her older son".
RELATIVES, BESIDE = ("family", "child", "other"), 12
HOLDS = re.compile(r" (?:also |now |already )?(?:has|had|holds|got|obtained|was granted|applied for)\b")
WAS = re.compile(
    r"(?:,? (?:aged )?\(?\d{1,2}\)?,?)?(?:,? who)?(?: (?:has|had|have|also|then|was|were|is|been|being|repeatedly|badly))* (?:was|were|is|been|being|got) (?:repeatedly |badly )?$"
)
# How far back anything is looked for, in characters: time grows in step with the text's length.
FAR = 300
# How many sentences back a note's subject is looked for.
BACK = 2
MARK = re.compile(r"[,.;?!\n]")
BARE_GAP = re.compile(
    r"^[\s'\"()]*(?:(?:young|old|elderly|older|white|black|asian|lone|known|vulnerable)\s+)?$"
)
OWNED = re.compile(
    r" (?!(?:he|she|they|it|i|we|you|this|there|by|to|and|in|on|at|but|when|for|with|from|after|before|again|as|that|if|is|was|out|up|down|off|over|a|the|so|because|"
    r"about|around|against|into|onto|until|while|had|has|being|not)\b)[a-z]"
)
RELATIVE = re.compile(
    r" (?:ex|husband|wife|partner|boyfriend|girlfriend|son|daughter|sister|brother|mother|father|mum|dad|children|kids)\b"
)
# Behind somebody to whom something was done: what comes next is of whoever did it ("pushed her and is on bail").
GOES_ON = re.compile(
    r" and (?:is|was|has|had|also|then|now|does|did|takes|drinks|uses|suffers|lives|says|said|feels)\b| and $"
)
# How what goes on, or what was told, begins: most of what stands behind somebody is turned down at once.
MAY_GO_ON = frozenset((" an", " th", " he", " sh", " it", " to", " ab", " of", " ho", " no"))
BEGINS = ("he ", "she ")
# For whom somebody else is there: "looks after her mother", "worried about her sister". By whom it is done: "accompanied by his mother".
FOR_WHOM = re.compile(
    r"\b(?:about|for|after|over)(?: the)?(?: (?:welfare|safety|whereabouts|health) of)?(?: (?:her|his|their|the|an?|my))?(?: [a-z-]+)? $"
)
BY_WHOM = re.compile(
    r"\b(?:by|through|with|via|from)(?: (?:her|his|their|the|an?|my|another))?(?: [a-z-]+)? $"
)
# Whoever tells of it did not do it: "informant states he is not letting him see".
SAYS = re.compile(
    r" (?:has |had |also )?(?:states?|stated|says|said|reports?|reported|alleges?|alleged|claims?|claimed|told|disclosed|thinks|believes|advised)\b"
)
SPOKE = re.compile(r"\b(?:says|said|states?|stated|reports?|reported|told [a-z]+) (?:that )?$")
APART = re.compile(rf"^{SAYS.pattern}|,(?! who)|;| (?:that|which|whom) ")
# "A previous partner" is of another time.
EARLIER = ("previous ", "former ", "past ", "last ", "other ", "another ", "different ")
# A suspect "outside her work" is not she.
AT = re.compile(
    r"\b(?:outside|at|to|into|near|from|in|towards|inside|with|by|on|against|about|for|of|round|around|behind) $"
)
# "Mum found a key card in her coat. She has lost weight": who found it is not who lost weight.
TELLERS = ("family", "other", "caller", "witness")
FINDS = re.compile(
    rf"{SAYS.pattern}| (?:has |had |also )?(?:notes?|noted|records?|recorded|diagnosed|found|rang|called|phoned|noticed|saw|searched|checked|confirmed|contacted|attended)\b"
)
# What is somebody else's: "cut off their heating".
THEIRS = re.compile(r"\b(their|them|her|him|his)\b")
# Who is not in any list of roles: "the receptionist ".
STRANGER = re.compile(r"\s*(?:the|an?|another|our) [a-z'’-]+(?: [a-z'’-]+)? ")
# Whoever is told something is not the one it is about: "told another student that he".
TOLD = re.compile(
    r"\b(?:told|tells?|telling|asked|informed|messaged|texted)(?: (?:her|his|their|the|an?|my|another))?(?: [a-z-]+)? $"
)
THAT = re.compile(r" (?:that|he|she|they|it|to|about|of|how|not)\b")
# Words that may stand between where a finding begins and whoever it begins with.
WHOSE = re.compile(
    r"\s*(?:(?:the|a|an|his|her|their|my|our) )?(?:(?:own|ex|late|elderly|young|older|younger|little|baby|big|eldest|youngest|oldest|teenage|adult) )?"
)
# The same at the start of a sentence.
OPENS = re.compile(rf"(?:\A|[.!?\n] ?){WHOSE.pattern}$")
SUBJECTS, OBJECTS = ("he", "she"), ("him", "her")
# What these do may be part of somebody else's situation.
DOERS = ("suspect", "partner")
# What these see or hear of is part of somebody else's.
SPEAKERS = ("caller", "witness", "other")
# A clause between commas that tells of somebody by the way.
ASIDE = re.compile(r", (?:(?:with|to|for|by|of|from) )?who(?:m|se)?\b[^.;,]*,")
# What is said of a service that somebody has themselves, behind who it is: "is open to CMHT", "takes his medication".
OWN_SERVICE = re.compile(
    r"(?:,? who)?,?(?: (?:is|was|were|has|had|been|being|also|currently|previously|now|already|well|not|never|recently|only|just|currently|did|does))*"
    r" (?:come|came|out|back|left|released|started|completed|gone|went|going|goes|open|known|under|on|in|with|at|takes?|taking|taken|took|sees|seeing|seen|attend\w*|engag\w*|work\w*|supported|support|discharged|sectioned|"
    r"detained|admitted|assessed|referred|closed|registered|awaiting|waiting|receiv\w*|gets|an?|the|missed|missing|failed|stopped|refus\w*|declin\w*|"
    r"disengag\w*|lost|prescribed|visited|allocated|placed|due)\b"
)
# What somebody does to another, behind who it is: "husband controls all the money" is not of the husband's own money.
DOES_TO = re.compile(
    r"(?: (?:has|had|also|then|always|still|is|was))* (?:control\w*|took|takes|taking|taken|stole|steals|stealing|keeps?|kept|holds?|held|spends?|spent|"
    r"will|would|might|won't|wont|doesn't let|does not let|stops?|stopped|refuses to let|gives?|gave)\b"
)
# What begins with a verb of one's own state is not of whoever comes behind it: "is worried for her brother".
OF_ONESELF = re.compile(r"(?:is|was|are|were|am|feels?|felt|has|had|been|being|very|so)\b")
