"""Markdown with LaTeX as text that a terminal, a screen reader or a table can show."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

# Code comes first: a dollar in it is a dollar.
_PIECES = re.compile(r"(?P<code>`+)(?P<inner>.+?)(?P=code)|\$\$(?P<display>.+?)\$\$|\$(?P<formula>[^$]+?)\$", re.DOTALL)
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|([^\W_]))")
# What needs no brackets over or under a fraction line or a root: a number, a letter with its index, something in brackets.
_ATOM = re.compile(r"[∂∇]?(?:\d[\d.]*|[^\W\d_])(?:[_^](?:[^\W_]|\{[\w+-]*\}))*|\([^()]*\)|√[\w]")
# Stand for brackets that are only drawn where they are needed, and for braces that are meant.
_OPEN, _CLOSE, _BRACE, _ENDBRACE = "\ue000", "\ue001", "\ue002", "\ue003"
_UP, _DOWN = "\ue004", "\ue005"
_LOOSE = "=≈+-−±≤≥<>,;:·×→()[]"
_ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303", "vec": "\u20d7"}


def plain(text: str) -> str:
    """The text without marks of Markdown, its formulas in Unicode."""
    out, at = [], 0
    for piece in _PIECES.finditer(text):
        out.append(_unmarked(text[at : piece.start()]))
        at = piece.end()
        formula = piece["formula"] or piece["display"]
        out.append(in_unicode(formula) if formula else piece["inner"].strip())
    return "".join([*out, _unmarked(text[at:])])


def _unmarked(text: str) -> str:
    text = _LINK.sub(r"\1 (\2)", text)
    return _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", text)).replace(r"\$", "$")


@cache
def in_unicode(formula: str) -> str:
    """A formula of LaTeX in Unicode; as it is where that cannot be done."""
    try:
        text = _converter().latex_to_text(_prepared(formula))
        while (shorter := _without_scripts(text)) != text:
            text = shorter
        text = text.replace(_UP, "^").replace(_DOWN, "_")
        text = _bracketed(re.sub(r"[{}\\]", "", text))
    # The parsers are not ours and promise nothing; a formula that is shown as written is still a question to answer.
    except Exception:
        return formula
    text = re.sub(r"\s*([≈·×±≤≥≠→←∥∈⊙∼])\s*", r" \1 ", text.replace(_BRACE, "{").replace(_ENDBRACE, "}"))
    text = re.sub(r"\s*([⌋⌉])\s*(?=[+=-])", r"\1 ", text)
    text = re.sub(r"(?<=\S)([=+])(?= )", r" \1", text)  # a command swallows the space behind it
    text = re.sub(r" +,", ",", text)
    text = re.sub(r"\s+", " ", text).replace(" ;", ";").strip()
    return unicodedata.normalize("NFC", text) or formula


def _prepared(formula: str) -> str:
    """Without spacing and sizes, with a semicolon between the rows of a matrix."""
    formula = re.sub(r"\\left\.|\\right\.|\\left\b|\\right\b|\\!|\\displaystyle\b", "", formula)
    formula = formula.replace("\\\\", "; ").replace(r"\|", "‖").replace(r"\{", _BRACE).replace(r"\}", _ENDBRACE)
    formula = re.sub(r"(\\(?:ln|log|exp|max|min|sin|cos|tanh))\s*(?=[A-Za-z0-9\\])", r"\1~", formula)
    formula = re.sub(r"\\[td]frac(?![A-Za-z])", r"\\frac", formula)
    formula = re.sub(r"\\begin\{cases\}(.*?)\\end\{cases\}", _cases, formula, flags=re.DOTALL)
    return re.sub(r"\\[,:;> ]", " ", formula)


def _cases(found: re.Match[str]) -> str:
    return f"{_BRACE} {found[1].strip().replace('&', ', ')} {_ENDBRACE}"


def _without_scripts(text: str) -> str:
    """The innermost super- and subscripts in small letters where Unicode has all of them, else in brackets."""
    import unicodeit

    def small(found: re.Match[str]) -> str:
        inner = (found[2] if found[2] is not None else found[3]).strip()
        converted: str = unicodeit.replace(f"{found[1]}{{{inner}}}")
        # Where a letter has no small form, some of the word comes back as it was.
        if not any(sign in converted for sign in "^_{}") and not re.search("[A-Za-z]", converted):
            return converted
        # Marks of a script that stays must not be met again, here and in the next round.
        mark = {"^": _UP, "_": _DOWN}[found[1]]
        return f"{mark}{inner}" if re.fullmatch(r"[^\W_]+|.", inner) else f"{mark}({inner})"

    # A brace that belongs to no script is only a group.
    text = _SCRIPT.sub(small, text)
    if not _SCRIPT.search(text):
        return re.sub(r"(?<![\^_])\{([^{}]*)\}", r"\1", text) if "{" in text else text
    return text


def _bracketed(text: str) -> str:
    """Brackets round a fraction that has something beside it which would otherwise be read as part of it."""
    while found := re.search(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}", text):
        before, after = text[: found.start()].rstrip(f" {_OPEN}"), text[found.end() :].lstrip(f" {_CLOSE}")
        alone = (not before or before[-1] in _LOOSE) and (not after or after[0] in _LOOSE)
        text = text[: found.start()] + (found[1] if alone else f"({found[1]})") + text[found.end() :]
    return text


@cache
def _converter() -> LatexNodes2Text:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    def fraction(node, l2tobj):  # type: ignore[no-untyped-def]  # of pylatexenc, which has no types
        top, bottom = (_grouped(_bare(l2tobj.nodelist_to_text([arg]))) for arg in node.nodeargd.argnlist[-2:])
        return f"{_OPEN}{top}/{bottom}{_CLOSE}"

    def root(node, l2tobj):  # type: ignore[no-untyped-def]  # see above
        index, inside = node.nodeargd.argnlist
        degree = _bare(l2tobj.nodelist_to_text([index])).strip("[]") if index else ""
        sign = {"": "√", "3": "∛", "4": "∜"}.get(degree) or f"{degree}-√"
        text = _bare(l2tobj.nodelist_to_text([inside]))
        return sign + (f"({text})" if "^" in text else _grouped(text))

    def accent(node, l2tobj):  # type: ignore[no-untyped-def]  # see above
        inside = _bare(l2tobj.nodelist_to_text(node.nodeargd.argnlist[-1:]))
        return inside + _ACCENTS[node.macroname] if len(inside) == 1 else f"{node.macroname}({inside})"

    context = get_default_latex_context_db()
    macros = [MacroTextSpec(name, simplify_repl=fraction) for name in ("frac", "tfrac", "dfrac")]
    macros += [MacroTextSpec(name, simplify_repl=accent) for name in _ACCENTS]
    macros += [MacroTextSpec("sqrt", simplify_repl=root), MacroTextSpec("top", simplify_repl="⊤")]
    context.add_context_category("kit", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=context, math_mode="text", keep_braced_groups=True, keep_braced_groups_minlen=1)


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if text.startswith("{") and text.endswith("}") and "}" not in text[1:-1] else text


def _grouped(text: str) -> str:
    inner = text.strip(f"{_OPEN}{_CLOSE}")
    return text if _ATOM.fullmatch(inner) else f"({inner})"
