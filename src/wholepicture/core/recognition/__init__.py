"""What the text says: narrative to findings."""

from pathlib import Path

from wholepicture.core import compiled

compiled.prefer(Path(__file__).parent, __path__)

from wholepicture.core.recognition.context import Polarity, Time  # noqa: E402
from wholepicture.core.recognition.recognise import (  # noqa: E402
    Finding,
    Person,
    Recognised,
    Recogniser,
    default_recogniser,
)

__all__ = ["Finding", "Person", "Polarity", "Recognised", "Recogniser", "Time", "default_recogniser"]
