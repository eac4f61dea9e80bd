"""Label Studio JSON, JSONL and plain text ↔ articles; nothing else knows a foreign format."""

from stance.formats.files import articles_by_id, read_articles
from stance.formats.jsonl import article_to_json, parse_line, read_jsonl, write_jsonl
from stance.formats.labelstudio import (
    Skipped,
    Task,
    articles_of_tasks,
    read_export,
    task_of_article,
    write_export,
)
from stance.formats.plaintext import read_text

__all__ = [
    "Skipped",
    "Task",
    "article_to_json",
    "articles_by_id",
    "articles_of_tasks",
    "parse_line",
    "read_articles",
    "read_export",
    "read_jsonl",
    "read_text",
    "task_of_article",
    "write_export",
    "write_jsonl",
]
