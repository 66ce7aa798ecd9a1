"""Courses and their versions, what learners did, what comes back to them, and how keys were agreed.

Workforce data: kept apart from the records of the people the police serve (shared rules, "two kinds of data").
"""

from wholepicture.web.training.models.learning import (
    Assignment,
    Attempt,
    Attendance,
    Certificate,
    CheckAnswer,
    Classroom,
    Course,
    CourseVersion,
    Draft,
    Enrolment,
    Outcome,
    PanelSeat,
    Recall,
    RecallAnswer,
    Reminded,
    StepDone,
)
from wholepicture.web.training.models.systems import Lms, LmsPlace, UsedLaunch

__all__ = [
    "Assignment",
    "Attempt",
    "Attendance",
    "Certificate",
    "CheckAnswer",
    "Classroom",
    "Course",
    "CourseVersion",
    "Draft",
    "Enrolment",
    "Lms",
    "LmsPlace",
    "Outcome",
    "PanelSeat",
    "Recall",
    "RecallAnswer",
    "Reminded",
    "StepDone",
    "UsedLaunch",
]
