"""Render a grading run: HTML for people, JSON and CSV for programs."""

from grader.reports.writing import Written, write_reports

__all__ = ["Written", "write_reports"]
