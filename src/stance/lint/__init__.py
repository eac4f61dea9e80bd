"""Checks of annotations: everything found is reported together, as incidents with stable ids."""

from stance.lint.catalogue import CATALOGUE
from stance.lint.check import lint_articles, lint_tasks
from stance.lint.incidents import Incident, Place, has_errors
from stance.lint.kinds import Kind, Language, Severity
from stance.lint.report import format_incidents, incidents_table, incidents_to_json, summarise

__all__ = [
    "CATALOGUE",
    "Incident",
    "Kind",
    "Language",
    "Place",
    "Severity",
    "format_incidents",
    "has_errors",
    "incidents_table",
    "incidents_to_json",
    "lint_articles",
    "lint_tasks",
    "summarise",
]
