"""Continuing development: frameworks as data, and a draw of whom to look at that can be made again."""

from wholepicture.core.cpd.framework import (
    Framework,
    Question,
    Topic,
    audit_sample,
    read_framework,
    shipped_framework_text,
    shipped_frameworks,
)

__all__ = [
    "Framework",
    "Question",
    "Topic",
    "audit_sample",
    "read_framework",
    "shipped_framework_text",
    "shipped_frameworks",
]
