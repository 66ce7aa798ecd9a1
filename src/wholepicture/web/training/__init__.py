"""Courses, scenarios, attempts and feedback: learn to see the whole picture."""
