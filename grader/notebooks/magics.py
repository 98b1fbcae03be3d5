"""Takes IPython's own syntax out of a cell: what is left is Python, line for line where it stood."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from dataclasses import dataclass

# Bodies of these are no Python, or run in a process of their own.
_FOREIGN_NAMES = """
    bash sh cmd system sx script html HTML javascript js latex markdown svg SVG writefile file perl ruby R sql bigquery cu cpp
    python python2 python3 pypy skip
"""
_FOREIGN = frozenset(_FOREIGN_NAMES.split())
_CELL_MAGIC = re.compile(r"\s*%%(\w*|!!?)")
_WRITES = re.compile(
    r"\s*%%(?:writefile|file)[ \t]+(?P<more>(?:-a|--append)[ \t]+)?"
    r"(?P<quote>[\"']?)(?:\.?/)?(?P<path>(?:[\w.-]+/)*[^\W\d]\w*\.py)(?P=quote)[ \t]*\n"
)
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:|\.{3,}:)(?: |$)")
_PROMPTS = re.compile(r">>>|In \[\d+\]: ")
# What nbconvert makes of magics in a script, with the number of texts.
_EXPORTED = {"run_cell_magic": 3, "run_line_magic": 2}
_TIMED_WITHIN = re.compile(r"^([ \t]+)get_ipython\(\)\.run_line_magic\('time', ('.*')\)$", re.MULTILINE)
# Signs that come along from web pages and mails, and that Python refuses outside of texts.
_INVISIBLE = {0xA0: " ", 0x202F: " ", 0x200B: None, 0x2060: None, 0xFEFF: None}
_LINE_MAGIC = re.compile(r"[%!?/,;]")
_ASSIGNED = re.compile(r"[\w.,\[\]\s*]+=\s*(?:%\w|!)")
_TIMED = re.compile(r"%time\s+(?=\S)")
_HELP = re.compile(r"%{0,2}[^\W\d][\w.*]*(?:\[[\w'\"-]*\])*\?\??\s*(?:#.*)?$")
_TOKEN = re.compile(r"""(?P<triple>'{3}|"{3})|(?P<quote>['"])|(?P<comment>#)|(?P<open>[(\[{])|(?P<close>[)\]}])""")


def python_of(source: str) -> str | None:
    """A cell's text as Python, with as many lines; None where it holds another language.

    What parses as it stands is left alone.
    """
    source = _TIMED_WITHIN.sub(_timed_within, source) if "run_line_magic" in source else source
    if parses(source):
        return source
    source = source.translate(_INVISIBLE)
    text = _without_prompts(_dedented(source))
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    while first < len(lines) and (magic := _CELL_MAGIC.match(lines[first])):
        if magic[1] in _FOREIGN or magic[1].startswith("!"):
            return None
        lines[first] = ""
        first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    return text if parses(text) else "\n".join(_without_line_magics(_dedented("\n".join(lines)).split("\n")))


def _timed_within(found: re.Match[str]) -> str:
    statement = ast.literal_eval(found[2]) if parses(found[2]) else ""
    return found[1] + statement if isinstance(statement, str) and parses(statement) else found[0]


def exported_cell(node: ast.stmt) -> str | None:
    """The cell that a statement was before nbconvert made a script of the notebook; None for any other statement.

    Empty lines stand before it, so that its lines are counted from about where they stand in the script.
    """
    call = node.value if isinstance(node, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _EXPORTED):
        return None
    texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if ast.unparse(call.func.value) != "get_ipython()" or len(texts) != len(call.args) or len(texts) != _EXPORTED[call.func.attr]:
        return None
    cell = "%%{} {}\n{}".format(*texts) if len(texts) == 3 else "%{} {}".format(*texts)
    return "\n" * (node.lineno - 1 if len(texts) == 2 else max(node.lineno - 2, 0)) + cell


@dataclass(frozen=True)
class Written:
    """A cell that writes a module: its path, its text, and whether that is added to what is there."""

    path: str
    text: str
    more: bool


def written_by(source: str) -> Written | None:
    """The module that a cell of `%%writefile` writes, if it is one that the notebook could import."""
    found = _WRITES.match(source)
    if found is None:
        return None
    return Written(found["path"], source[found.end() :] + "\n", bool(found["more"]))


@functools.lru_cache(maxsize=1)  # a cell is asked for twice, one right after the other
def body_of(text: str) -> list[ast.stmt]:
    """The statements of a text, not to be changed; what the parser raises where it is no Python or too much."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text).body


def parses(text: str) -> bool:
    """Whether a text is Python, or too much for the parser, which nothing here can mend."""
    try:
        body_of(text)
    except (SyntaxError, ValueError):
        return False
    except (RecursionError, MemoryError):
        return True
    return True


def _dedented(text: str) -> str:
    """IPython runs a cell that is indented as a whole."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    space = first[: len(first) - len(first.lstrip(" \t"))]
    return "\n".join(line.removeprefix(space) for line in text.split("\n")) if space else text


def _without_prompts(text: str) -> str:
    """IPython runs what was copied from a console."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not _PROMPTS.match(first.lstrip()):
        return text
    return "\n".join(_PROMPT.sub("", line) for line in text.split("\n"))


def _without_line_magics(lines: list[str]) -> list[str]:
    """Lines that only IPython understands become `pass`, so that the blocks around them stay whole."""
    state = _State()
    kept: list[str] = []
    magic = False
    for line in lines:
        if magic:  # a backslash carries a magic on to the next line
            magic, line = line.endswith("\\"), ""
        elif state.begins_statement:
            plain = _plain(line)
            magic = plain is not line and line.endswith("\\")
            line = plain
        state.read(line)
        kept.append(line)
    return kept


def _plain(line: str) -> str:
    """The same line where it is no magic."""
    code = line.lstrip()
    indent = line[: len(line) - len(code)]
    timed = _TIMED.match(code)
    if timed and parses(code[timed.end() :]):
        return indent + code[timed.end() :]
    if _LINE_MAGIC.match(code) or _ASSIGNED.match(code) or _HELP.match(code):
        return indent + "pass"
    return line


class _State:
    """Whether the next line begins a statement, or stands within brackets, a string or after a backslash."""

    def __init__(self) -> None:
        self.depth = 0
        self.triple = ""
        self.carried = False

    @property
    def begins_statement(self) -> bool:
        """At the beginning of a line."""
        return not (self.depth or self.triple or self.carried)

    def read(self, line: str) -> None:
        """Go over one line."""
        position, comment = 0, False
        while position < len(line) and not comment:
            if self.triple:
                position = self._end_of_triple(line, position)
                continue
            token = _TOKEN.search(line, position)
            if token is None:
                break
            position = token.end()
            comment = token["comment"] is not None
            if token["triple"]:
                self.triple = token["triple"]
            elif token["quote"]:
                position = _end_of_string(line, position, token["quote"])
            elif token["open"]:
                self.depth += 1
            elif token["close"]:
                self.depth = max(0, self.depth - 1)
        self.carried = not self.triple and not comment and line.endswith("\\")

    def _end_of_triple(self, line: str, position: int) -> int:
        while position < len(line):
            if line[position] == "\\":
                position += 2
            elif line.startswith(self.triple, position):
                self.triple = ""
                return position + 3
            else:
                position += 1
        return position


def _end_of_string(line: str, position: int, quote: str) -> int:
    while position < len(line) and line[position] != quote:
        position += 2 if line[position] == "\\" else 1
    return position + 1
