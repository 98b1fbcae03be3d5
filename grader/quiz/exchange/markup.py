"""Markdown with LaTeX as HTML, with formulas as each system wants them, and back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# brackets: \( \) and \[ \], which Moodle and Canvas set; mathml: needs no network and no script.
Math = Literal["brackets", "mathml"]


def block(text: str, math: Math) -> str:
    """A text as HTML paragraphs."""
    return str(_renderer(math).render(text)).strip()


def inline(text: str, math: Math) -> str:
    """A text as HTML without a paragraph round it, where it is only one."""
    lines = text.strip()
    if "\n\n" in lines or re.search(r"^(\s*([-*+]|\d+[.)])\s|```|\||>|#)", lines, re.MULTILINE):
        return block(text, math)
    return str(_renderer(math).renderInline(lines)).strip()


def question_html(text: str, code: str, math: Math) -> str:
    """A question's text with its snippet in a box under it."""
    return block(text, math) + (f"\n{code_html(code)}" if code else "")


def code_html(code: str) -> str:
    """A snippet in a box."""
    return f'<pre><code class="language-python">{html.escape(code, quote=False)}</code></pre>'


def plain(text: str) -> str:
    """A text for places that show no markup: menus of a matching; formulas stay as LaTeX between their brackets."""
    parts = re.split(r"(\$\$.+?\$\$|\$[^$]+\$)", text, flags=re.DOTALL)
    return "".join(
        _bracketed(part.strip("$"), False) if number % 2 else part.replace("`", "") for number, part in enumerate(parts)
    )


def has_markup(text: str) -> bool:
    """Whether a text says more than its letters: formulas or emphasis."""
    return bool(re.search(r"\$[^$]+\$|\*\w", text))


def markdown(source: str) -> str:
    """HTML as Markdown, `\\(…\\)` as `$…$`; what HTML cannot say of our texts does not come back."""
    from markdownify import markdownify

    kept: list[str] = []
    source = without_private(source)

    def keep(found: re.Match[str]) -> str:
        inner = next(group for group in found.groups() if group is not None)
        sign = "$" if found.group().startswith("\\(") else "$$"
        kept.append(f"{sign}{html.unescape(inner).strip()}{sign}")
        return f"\ue000{len(kept) - 1}\ue001"

    safe = re.sub(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$", keep, _without_code_maths(source), flags=re.DOTALL)
    text = markdownify(
        safe,
        heading_style="ATX",
        bullets="-",
        code_language="",
        escape_underscores=False,
        escape_asterisks=False,
        escape_misc=False,
    )
    text = re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found.group(1))], text).replace("\ue002", "\\")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.replace("\xa0", " ").splitlines())).strip()


def without_private(source: str) -> str:
    """A text without the signs that we use for our own ends, and that no text needs."""
    return re.sub("[\ue000-\ue1ff]", "", source)


def split_code(source: str) -> tuple[str, str]:
    """A question's HTML without the box at its end, and the snippet in it."""
    found = re.search(r"<pre[^>]*>\s*(?:<code[^>]*>)?(.*?)(?:</code>)?\s*</pre>\s*$", source, re.DOTALL | re.IGNORECASE)
    if not found:
        return source, ""
    snippet = re.sub(r"<br\s*/?>", "\n", found.group(1))
    return source[: found.start()], html.unescape(re.sub(r"<[^>]+>", "", snippet)).rstrip("\n")


def _without_code_maths(source: str) -> str:
    """Backslashes inside code are no formulas."""
    return re.sub(r"<code.*?</code>", lambda found: found.group().replace("\\", "\ue002"), source, flags=re.DOTALL)


@cache
def _renderer(math: Math) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    # Raw HTML of a text is shown, not obeyed.
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    draw: Callable[[str, dict[str, Any]], str] = _mathml if math == "mathml" else _brackets
    dollarmath_plugin(renderer, allow_labels=False, double_inline=True, renderer=draw)
    rules: Any = renderer.renderer
    rules.rules["math_inline"] = lambda tokens, at, *_: draw(tokens[at].content, {"display_mode": False})
    rules.rules["math_inline_double"] = lambda tokens, at, *_: draw(tokens[at].content, {"display_mode": True})
    rules.rules["math_block"] = lambda tokens, at, *_: draw(tokens[at].content, {"display_mode": True}) + "\n"
    return renderer


def _brackets(latex: str, options: dict[str, Any]) -> str:
    return html.escape(_bracketed(latex, options["display_mode"]), quote=False)


def _bracketed(latex: str, display: bool) -> str:
    return f"\\[{latex.strip()}\\]" if display else f"\\({latex.strip()}\\)"


def _mathml(latex: str, options: dict[str, Any]) -> str:
    from latex2mathml.converter import convert

    try:
        return str(convert(latex, display="block" if options["display_mode"] else "inline"))
    except Exception:  # the library raises many kinds; a formula it cannot read is shown as it is written
        return f"<code>{html.escape(latex)}</code>"
