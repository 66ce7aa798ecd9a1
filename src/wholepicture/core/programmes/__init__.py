"""What a taught programme is, what it covers, and how two versions of it differ."""

from wholepicture.core.programmes.coverage import Changed, Coverage, Difference, compare, coverage_of
from wholepicture.core.programmes.specification import (
    Specification,
    read_specification,
    shipped_specification,
    shipped_text,
)

__all__ = [
    "Changed",
    "Coverage",
    "Difference",
    "Specification",
    "compare",
    "coverage_of",
    "read_specification",
    "shipped_specification",
    "shipped_text",
]
