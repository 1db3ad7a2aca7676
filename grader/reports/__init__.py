"""Render a grading run: HTML for people, JSON and CSV for programs."""

from grader.reports.writing import write_reports

__all__ = ["write_reports"]
