"""What is taught: scenarios with their keys, and courses made of readings, checks and scenarios."""

from wholepicture.core.learning.course import (
    CheckQuestion,
    Course,
    Item,
    ItemKind,
    Module,
    read_course,
    shipped_course,
    shipped_files,
)
from wholepicture.core.learning.package import pack, unpack
from wholepicture.core.learning.read import ContentError, read_scenario
from wholepicture.core.learning.scenario import Quality, Scenario, Target, Worth
from wholepicture.core.learning.steps import free_id, with_step, without_step

__all__ = [
    "CheckQuestion",
    "ContentError",
    "Course",
    "Item",
    "ItemKind",
    "Module",
    "Quality",
    "Scenario",
    "Target",
    "Worth",
    "free_id",
    "pack",
    "read_course",
    "read_scenario",
    "shipped_course",
    "shipped_files",
    "unpack",
    "with_step",
    "without_step",
]
