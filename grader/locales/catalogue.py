"""Keeps the catalogues in step with the code: takes the texts of `tr` and `trn` out of it, and compiles what is translated.

For authors; needs Babel, which nothing else in the kit does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader.locales import DOMAIN, FOLDER, LANGUAGES

ENGINE = FOLDER.parent
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
_TEXTS = {"tr": 1, "trn": 2, "later": 1}  # how many of the first arguments are texts
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that a catalogue changes only where a text does


def path_of(language: str) -> Path:
    """The catalogue of a language, which people edit; the compiled one stands beside it."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(language, DOMAIN, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, language, DOMAIN)


def texts_of(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """The texts of `tr`, `trn` and `later` in a module, also of calls inside f-strings, which Babel's own reader passes over.

    Raises:
        ValueError: a text is no literal; the message has its line.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
            told = node.args[: _TEXTS[node.func.id]]
            texts = tuple(each.value for each in told if isinstance(each, ast.Constant) and isinstance(each.value, str))
            if len(texts) != _TEXTS[node.func.id]:
                raise ValueError(f"line {node.lineno}: a text of {node.func.id} must stand in the call as it is")
            yield texts


def extracted() -> Catalog:
    """The texts that the code has now; `ValueError` with file and line where one cannot be taken out."""
    found = Catalog(domain=DOMAIN, fuzzy=False)
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE).as_posix()
        try:
            for texts in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
                # Files without lines: a line that moves is no change for a translator.
                found.add(texts if len(texts) > 1 else texts[0], None, [(name, 1)])
        except ValueError as problem:
            raise ValueError(f"{name}, {problem}") from None
    return found


def update(language: str) -> Catalog:
    """Bring a catalogue in step with the code: new texts come in empty, old ones go; then compile it."""
    catalog = load(language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    _set_head(catalog)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return catalog


def _set_head(catalog: Catalog) -> None:
    catalog.header_comment = "# What grader's commands say. `python -m grader.locales` keeps this file in step with the code."
    catalog.project, catalog.version = DOMAIN, ""
    catalog.creation_date = catalog.revision_date = _BEGUN
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads at run time."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def entries(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its head."""
    return (message for message in catalog if message.id)


def untranslated(catalog: Catalog) -> list[str]:
    """The English texts that have no translation, or one that is not sure, or not all forms of one."""
    return [forms(message.id)[0] for message in entries(catalog) if message.fuzzy or not all(forms(message.string))]


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The forms of a text: one, or those of its plural; an empty one where there is none yet."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)
