"""Reads what a student handed in so that nbgrader can work with it, whatever state it is in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter

from grader.notebooks.elsewhere import texts_elsewhere
from grader.notebooks.kitcell import as_node
from grader.notebooks.prepare import released_notebook
from grader.notebooks.restore import restored


class RestoringExporter(NotebookExporter):
    """The exporter of nbgrader's sanitizing step: a damaged notebook is put together again from the released one.

    The file that was handed in stays as it is.
    """

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """See nbconvert; only the first of nbgrader's two passes reads the student's own file."""
        converter: Any = self.parent
        if not getattr(converter, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kw)
        names = resources["nbgrader"]
        template = _template(converter.coursedir, names["assignment"], names["notebook"])
        notebook, notes = restored(template, Path(filename), texts_elsewhere(template, Path(filename)))
        for note in notes:
            self.log.warning("%s: %s", filename, note)
        export: Any = self.from_notebook_node
        return export(as_node(notebook), resources=resources, **kw)


def _template(coursedir: Any, assignment: str, notebook: str) -> dict[str, Any]:
    path = released_notebook(coursedir, assignment, notebook)
    if path is None:
        told = "is neither released nor in source; run nbgrader generate_assignment"
        raise FileNotFoundError(f"{assignment}/{notebook}.ipynb {told}")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
