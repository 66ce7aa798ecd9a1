"""What practice knows: concepts, pathways, questions and phrases, loaded from versioned data."""

from wholepicture.core.practice.load import CatalogueError, load, load_default
from wholepicture.core.practice.model import (
    STATES,
    About,
    Catalogue,
    Concept,
    Expression,
    Kind,
    Nation,
    Pathway,
    Phrase,
    Source,
    State,
    Statements,
)

__all__ = [
    "STATES",
    "About",
    "Catalogue",
    "CatalogueError",
    "Concept",
    "Expression",
    "Kind",
    "Nation",
    "Pathway",
    "Phrase",
    "Source",
    "State",
    "Statements",
    "load",
    "load_default",
]
