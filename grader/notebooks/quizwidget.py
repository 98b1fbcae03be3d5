"""The form of a quiz as a widget: what the browser shows and what it sends back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

# The browser's half of the form; part of the package.
_FORM = Path(__file__).with_name("form")
Heard = Callable[[Mapping[str, Any]], str]


def make_widget(quiz: Mapping[str, Any], heard: Heard) -> Any:
    """A widget that shows a quiz.

    Parameters:
        quiz: what never changes: words, language, questions.
        heard: gets each message of the browser, and gives back what went wrong, in words; empty if nothing did.

    Raises:
        ImportError: anywidget is not installed.
    """
    widget = _widget_class()(quiz=dict(quiz))

    def answer(_: Any, message: Any, buffers: Any) -> None:
        if isinstance(message, Mapping):
            error = heard(message)
            widget.send({"number": message.get("number"), "error": error})

    widget.on_msg(answer)
    return widget


def view_of(widget: Any) -> dict[str, Any]:
    """The part of a display that shows a widget."""
    return {"application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}


@cache
def _widget_class() -> Any:
    import anywidget
    import traitlets

    class QuizForm(anywidget.AnyWidget):
        """See `make_widget`."""

        _esm = (_FORM / "form.js").read_text(encoding="utf-8")
        _css = (_FORM / "form.css").read_text(encoding="utf-8")
        quiz = traitlets.Dict().tag(sync=True)
        answers = traitlets.Dict().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

    return QuizForm
