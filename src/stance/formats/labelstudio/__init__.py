"""Label Studio's JSON ↔ articles.

An export is a list of tasks. A task's annotation is a list of results: regions of `<Labels>`, per-region `<Choices>`
that repeat their region's id, and relations. A cue's region carries its stance as its label; exports of configs that
label it plainly `cue` and choose the stance beside it are read too. `value.text` is never trusted: Label Studio writes
it wrongly across line breaks. Everything not understood is kept, so that what was read can be written again equal.
"""

from stance.formats.labelstudio.export import iter_annotated, read_export, write_export
from stance.formats.labelstudio.reading import Skipped, annotation_of_task, article_of_annotation, articles_of_tasks
from stance.formats.labelstudio.views import (
    ALSO_CONTROL,
    LABELS,
    OPTIONAL,
    PART_CONTROL,
    TEXT_NAME,
    Annotation,
    Region,
    Relation,
    Task,
)
from stance.formats.labelstudio.writing import attributions_to_results, task_of_article

__all__ = [
    "ALSO_CONTROL",
    "LABELS",
    "OPTIONAL",
    "PART_CONTROL",
    "TEXT_NAME",
    "Annotation",
    "Region",
    "Relation",
    "Skipped",
    "Task",
    "annotation_of_task",
    "article_of_annotation",
    "articles_of_tasks",
    "attributions_to_results",
    "iter_annotated",
    "read_export",
    "task_of_article",
    "write_export",
]
