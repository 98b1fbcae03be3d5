"""Writes the files of a new exercise, so that an author starts from something that loads and says what is left to do."""

from __future__ import annotations

import re
from pathlib import Path

from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError

_MANIFEST = """\
entry: {name}
library: {library}
points: {worth}
returns: {returns}
title:
  en: {words}
  ru: {words}
  hi: {words}
hints:
  - en: A nudge, never the solution.
    ru: Подсказка, но не решение.
    hi: एक इशारा, पूरा हल नहीं।
  - en: The idea.
    ru: Идея.
    hi: मूल विचार।
  - en: The shape of the answer, in words.
    ru: Вид ответа, словами.
    hi: उत्तर का ढाँचा, शब्दों में।
"""

_STUB = '''\
"""{words}."""

{imports}

def {name}(x: {annotation}) -> {annotation}:
    """One sentence: what comes back.

    Parameters:
        x: shape (N,).

    Returns:
        shape (N,).

    Example:
        {name}([1, 2]) gives [2, 4].
    """
    raise NotImplementedError
'''

_REFERENCE = '''\
"""{words}."""

{imports}

def {name}(x: {annotation}) -> {annotation}:
    """Twice the input, until you write what it should be."""
    return x * 2
'''

_TEST = '''\
"""{what}"""

from grader.testing import assert_close, {marks}title


{points}@title(en="Twice the input", ru="Вход, умноженный на два", hi="इनपुट का दोगुना")
def test_twice(student, rng):
    x = rng.normal(5)
    assert_close(student.{name}(x), x + x)


{points}@title(en="One element", ru="Один элемент", hi="एक अवयव")
def test_one_element(student, rng):
    x = rng.normal(1)
    assert_close(student.{name}(x), x + x)
'''

_PUBLIC_THIRD = '''

@title(en="Negative numbers", ru="Отрицательные числа", hi="ऋणात्मक संख्याएँ")
def test_negative(student, rng):
    x = -rng.uniform(4)
    assert_close(student.{name}(x), x + x)
'''

_HIDDEN_GRADIENT = '''

@points(1)
@title(en="Gradients reach the input", ru="Градиенты доходят до входа", hi="ग्रेडिएंट इनपुट तक पहुँचते हैं")
def test_gradient(student, rng):
    x = rng.normal(4).requires_grad_()
    (slope,) = gradients(student.{name}(x), [x])
    assert_close(slope, 2 + 0 * x.detach())
'''

_MISTAKES = """\
- id: forgets-the-factor
  replace: x * 2
  with: x
  hint:
    en: What comes back is the input itself.
    ru: Возвращается сам вход.
    hi: लौटाया गया मान इनपुट ही है।
"""

_STATEMENTS = {
    "en": "# {words}\n\nThe idea.\n\n## Formula\n\n$y = 2x$\n\n## Contract\n\n`{name}(x)`: shape (N,) to (N,).\n\n## Example\n",
    "ru": "# {words}\n\nИдея.\n\n## Формула\n\n$y = 2x$\n\n## Контракт\n\n`{name}(x)`: форма (N,) в (N,).\n\n## Пример\n",
    "hi": "# {words}\n\nविचार।\n\n## सूत्र\n\n$y = 2x$\n\n## अनुबंध\n\n`{name}(x)`: आकार (N,) से (N,)।\n\n## उदाहरण\n",
}

_TOPIC = "title:\n  en: {words}\n  ru: {words}\n  hi: {words}\norder: 100\n"

_ALTERNATIVES = {
    "sum.py": "def {name}(x):\n    return x + x\n",
    "shift.py": "def {name}(x):\n    half = x / 2\n    return x + half + half\n",
    "callable.py": "class Twice:\n    def __call__(self, x):\n        return 2 * x\n\n\n{name} = Twice()\n",
}


def write_skeleton(course: Course, place: str, library: str) -> list[Path]:
    """Write a new exercise; the files written.

    Parameters:
        course: where.
        place: `topic/exercise`.
        library: numpy or torch.

    Raises:
        CourseError: the place is no `topic/exercise`, or the exercise exists.
    """
    match = re.fullmatch(r"([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)", place)
    if match is None:
        raise CourseError(f"{place!r}: write TOPIC/EXERCISE in lower case letters, digits and _, e.g. layers/layer_norm")
    topic, name = match.groups()
    public, private = course.exercise_folders(topic, name)
    if public.exists() or private.exists():
        raise CourseError(f"{public if public.exists() else private}: exists already; choose another name")
    if any(exercise.name == name for exercise in course.exercises):
        raise CourseError(f"an exercise {name!r} exists in another topic; names are used once")
    files = _files(name, library)
    topic_file = public.parent / "topic.yaml"
    if not topic_file.exists():
        files[topic_file] = _TOPIC.format(words=_words(topic))
    written = []
    for path, text in files.items():
        target = path if path.is_absolute() else (public if path.parts[0] == "public" else private) / Path(*path.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return sorted(written)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _files(name: str, library: str) -> dict[Path, str]:
    torch = library == "torch"
    parts = {
        "name": name,
        "words": _words(name),
        "library": library,
        "returns": "tensor" if torch else "array",
        "imports": "import torch\n" if torch else "import numpy as np\n",
        "worth": 3 if torch else 2,
        "annotation": "torch.Tensor" if torch else "np.ndarray",
    }
    public, private = Path("public"), Path("private")
    shown = _TEST.format(what="What a student would try first.", marks="", points="", **parts)
    marks = "gradients, points, " if torch else "points, "
    hidden = _TEST.format(what="Traps: name them here.", marks=marks, points="@points(1)\n", **parts)
    hidden += _HIDDEN_GRADIENT.format(**parts) if torch else ""
    files = {
        public / "exercise.yaml": _MANIFEST.format(**parts),
        public / f"{name}.py": _STUB.format(**parts),
        public / "test_public.py": shown + _PUBLIC_THIRD.format(**parts),
        private / f"{name}.py": _REFERENCE.format(**parts),
        private / "test_hidden.py": hidden,
        private / "mistakes.yaml": _MISTAKES,
    }
    files |= {public / f"statement.{language}.md": text.format(**parts) for language, text in _STATEMENTS.items()}
    files |= {private / "alternatives" / file: text.format(**parts) for file, text in _ALTERNATIVES.items()}
    return files


def left_over(exercise: Exercise) -> list[str]:
    """Names of statements that are still the skeleton's, though the reference no longer is: students would read of another."""
    files = _files(exercise.name, exercise.manifest.library)
    if _same(exercise.reference, files[Path("private") / f"{exercise.name}.py"]):
        return []
    names = [f"statement.{language}.md" for language in _STATEMENTS]
    return [name for name in names if _same(exercise.public / name, files[Path("public") / name])]


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()
