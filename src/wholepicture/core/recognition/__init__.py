"""What the text says: narrative to findings."""

from wholepicture.core.recognition.context import Polarity, Time
from wholepicture.core.recognition.recognise import (
    Finding,
    Person,
    Recognised,
    Recogniser,
    default_recogniser,
)

__all__ = ["Finding", "Person", "Polarity", "Recognised", "Recogniser", "Time", "default_recogniser"]
