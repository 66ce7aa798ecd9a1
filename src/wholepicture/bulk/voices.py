"""What the made-up reports are made of. Names are common ones; nobody is meant. Sentences are ours."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = {
    "F": _words(
        "Olivia Amelia Emma Sarah Charlotte Jessica Sophie Chloe Emily Megan Lauren Rebecca Hannah Amy Laura Rachel Katie Lucy "
        "Samantha Gemma Nicola Lisa Claire Michelle Karen Susan Margaret Patricia Jean Dorothy Joan Mary Elizabeth Catherine "
        "Helen Julie Tracey Donna Kelly Stacey Leanne Danielle Natasha Kirsty Abigail Grace Ruby Ella Freya Isla Poppy Daisy Evie "
        "Rosie Aisha Fatima Zainab Priya Anjali Mei Ling Agnieszka Katarzyna Ioana Elena Amara Ngozi Chidinma Yasmin Leila "
        "Shanice Bethany Caitlin Niamh Sian Rhiannon Carys Ffion Morag Eilidh"
    ),
    "M": _words(
        "Oliver James David John Michael Paul Daniel Thomas Jack Matthew Andrew Mark Stephen Robert Christopher Richard William "
        "Peter Anthony Kevin Lee Craig Gary Jason Darren Ryan Adam Liam Luke Joshua Nathan Connor Callum Jordan Kyle Bradley "
        "Scott Stuart Neil Ian Alan Brian Keith Derek Kenneth Ronald George Arthur Albert Harry Charlie Alfie Noah Leo Oscar "
        "Ethan Mohammed Ahmed Ali Hassan Imran Raj Arjun Wei Jun Piotr Marek Andrei Mihai Kwame Emeka Tunde Dwayne Tyrone Rhys "
        "Gareth Owen Dylan Angus Hamish Ewan Callan Declan Sean Patrick"
    ),
}
_SHORTENED = _words(
    "Olivia/Liv Samantha/Sam Rebecca/Becky Jessica/Jess Elizabeth/Liz Catherine/Cath Margaret/Maggie Patricia/Pat Katie/Kate "
    "Nicola/Nicky Susan/Sue Danielle/Dani Natasha/Tash Abigail/Abi Oliver/Ollie James/Jim David/Dave Michael/Mike Daniel/Dan "
    "Thomas/Tom Matthew/Matt Andrew/Andy Stephen/Steve Robert/Bob Christopher/Chris Richard/Rick William/Bill Anthony/Tony "
    "Joshua/Josh Kenneth/Ken"
)
SHORT = {long: short for long, _, short in (pair.partition("/") for pair in _SHORTENED)}
SURNAMES = _words(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green "
    "Hall Wood Jackson Clarke Khan Lewis Harris Ali Clark Turner Hill Scott Cooper Morris Moore Ward King Watson Baker "
    "Harrison Morgan Allen James Mitchell Phillips Lee Anderson Bennett Young Hughes Parker Davis Cook Bailey Begum Carter "
    "Richardson Shaw Bell Collins Morrison Ahmed Hussain Cox Marshall Murphy Miller Gray Simpson Edwards Adams Kelly Stewart "
    "Chapman Singh Mason Webb Rogers Hunt Mills Palmer Holmes Knight Barnes Campbell Stevens Lloyd Butler Russell Fisher "
    "Barker Jenkins Dixon Fletcher Murray Reynolds Powell Graham Gibson Harvey Ellis Howard Andrews Ford Kaur Pearson Foster "
    "Reid Grant Hart Spencer Payne Elliott Fox Owen Walsh Armstrong Rose Burton Hamilton Kennedy Gordon Lawrence Nicholson "
    "Cole West Hudson Stone Wells Watts Bradley Lane Black Perry Francis Carr Bishop Porter Hayes Lawson Burke Ross Berry Day "
    "Gill Riley Burns Ryan Brooks Dean Warren Wallace Cunningham Woods Osborne Matthews Harding Nowak Kowalski Popescu "
    "Ionescu Okafor Mensah Adeyemi Osei Chen Wong Nguyen Tran Rahman Islam Chowdhury Mahmood Iqbal Akhtar Malik Sheikh Mirza "
    "Nair Rao Iyer Fernando Perera Silva Santos Costa Novak Horvat Ivanov Petrov"
)
SYLLABLES = _words(
    "ash bar bel bur car cor dal den dor ell fal fen gar gil hal har hol ing ken lam lan mar mel mor nor old pen ram ros sel "
    "shep sim sol sut tal ten thor tur val wal wat wes wil win wor yar"
)
_PLACES = _words(
    "Mill Church Station Park Victoria Albert Queen King High North South Manor Grange Orchard Meadow Chapel School Canal "
    "Bridge Castle Elm Oak Ash Birch Cedar"
)
STREETS = tuple(f"{a} {b}" for a in _PLACES for b in ("Road", "Street", "Close", "Lane", "Avenue"))
OPENINGS = (
    "Police attended following a call from the victim at the home address.",
    "Report by telephone from a neighbour who had heard shouting through the wall.",
    "Officers were flagged down on foot patrol by a member of the public.",
    "The victim attended the front counter to report what follows.",
    "Call passed by the ambulance service, who asked for police to come.",
    "Third party report from school this morning.",
)
FILLER = (
    "The weather was dry and the street was well lit.",
    "House to house was carried out with no further witnesses found.",
    "Body worn video was on throughout and has been saved.",
    "The victim was given the incident number and a contact for the officer in the case.",
    "There is a camera at the corner shop which may cover the front of the address.",
    "Nothing further was seen or heard by officers while at the scene.",
    "The property was secured before officers left.",
    "A statement will be taken at a time that suits the victim.",
    "Officers made a search of the area on foot and by vehicle with no trace.",
    "The bins had been put out and the front gate was open.",
    "The victim works part time at a shop in town and was due on shift later.",
    "A vehicle was seen in the road earlier but nobody had noted the number.",
    "The call was graded as a prompt response and officers arrived within the hour.",
    "Enquiries with the letting agent are to be made on Monday.",
    "The television was on in the front room.",
    "Details were exchanged and advice was given about locks and lighting.",
)
# Each life course: signs that come one or two to a report, so that only together they say what is happening.
COURSES: dict[str, tuple[str, ...]] = {
    "partner": (
        "The victim says that her ex partner has turned up at the address again and was banging on the door.",
        "Last month he put both his hands around her throat until she could not breathe.",
        "She is 14 weeks pregnant.",
        "He checks her phone and controls her money.",
        "He has threatened to kill her if she leaves him.",
        "He is on bail with conditions not to contact her.",
        "The victim separated from him six weeks ago.",
        "Her children aged 3 and 6 were upstairs asleep.",
        "She appeared frightened and would not speak while he was in the room.",
        "He follows her to work and waits outside.",
    ),
    "older": (
        "The victim is 82 years old and lives alone since his wife died.",
        "He has dementia and was confused about what day it is.",
        "There was rotting food in the kitchen and no heating.",
        "He has run out of medication.",
        "A man has been coming to the door and he has given him four thousand pounds for work on the roof.",
        "His daughter is his carer and says that she cannot cope.",
        "Adult social care closed the case in August as he refused help.",
        "He was found in the street in his pyjamas.",
        "He has bruising to his arms which he could not explain.",
        "Nobody visits him and he has not been seen for over a week.",
    ),
    "child": (
        "There is no food in the house and the child was dirty and hungry.",
        "The child has been missing from school for three weeks.",
        "The mother was drunk and could not stand.",
        "There was drug paraphernalia within reach of the children.",
        "The child has bruising to the face and said that dad did it.",
        "The children are on a child protection plan.",
        "The child was left alone in the house overnight.",
        "Social services closed the case last month.",
        "The child appeared withdrawn and would not speak.",
        "The landlord is evicting the family on Friday.",
    ),
    "exploited": (
        "The victim is 15 and was found on a train to another city with two phones and a quantity of cash.",
        "She has been missing from home overnight for the third time this month.",
        "He owes money to older males and says that they will hurt his mum.",
        "She has been given gifts by an older man she met online.",
        "He has been excluded from school.",
        "She is in care and was placed out of area.",
        "The victim was found with cannabis and a knife.",
        "He will not say where he got the injuries to his hands.",
        "Older males have been using her flat to deal drugs.",
        "She was asked to send naked photographs of herself.",
    ),
    "mind": (
        "The victim said that she wants to kill herself and has a plan.",
        "He was detained under section 136.",
        "She has self harmed and there were cuts to her arms.",
        "He has not been taking his medication and is hearing voices.",
        "The victim has a learning disability and neighbours take money from him.",
        "She is homeless and sleeping in a tent by the canal.",
        "He drinks a bottle of vodka a day.",
        "The mental health team discharged her last week after she missed appointments.",
        "He lost his job and his home in the same month.",
        "She has taken an overdose on two earlier occasions.",
    ),
}
