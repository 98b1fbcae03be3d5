"""The class's report: its numbers recomputed another way, its pages free of scripts, network and other people's text."""

import contextlib
import csv
import importlib.util
import io
import json
import re
import sqlite3
import statistics
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from grader.catalog.problems import CourseError
from grader.cli.reporting import report
from grader.cli.reportparts import quizzes, read_groups
from grader.record import Diagnosis, Record, TestResult, to_json, unread_reason
from grader.report.exports import settle
from grader.report.overview import BINS, Names, begun, overview
from grader.report.pages import class_page, student_page
from tests.report.made_class import made_class

HOSTILE = '<img src=x onerror="alert(1)">&"\'</pre><script>alert(2)</script>{{ 7*7 }}\u202e\x07'
NONE = Names()


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.tables: dict[str, list[list[str]]] = {}
        self._inside: list[str] = []
        self._rows: list[list[str]] = []
        self._caption = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass
        if tag == "table":
            self.tables.setdefault(self._caption, []).extend(self._rows[1:])

        elif self._inside and self._rows and self._rows[-1]:
            self._rows[-1][-1] += " "

    def handle_data(self, data: str) -> None:
        if "style" in self._inside:
            return
        self.text += data
        if "caption" in self._inside:
            self._caption += data
        elif {"td", "th"} & set(self._inside):
            self._rows[-1][-1] += data

    def rows(self, caption: str) -> list[list[str]]:
        """The cells of a table's body rows, blanks made single."""
        return [[" ".join(cell.split()) for cell in row] for row in self.tables[caption]]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(made_class(60))


@pytest.fixture(scope="module")
def page(records: list[Record]) -> Page:
    return Page(class_page(overview(records, NONE), NONE, "en", quizzes=quizzes(records)))


def written(folder: Path, records: list[Record]) -> Path:
    file = folder / "records.jsonl"
    file.write_text("".join(f"{to_json(record)}\n" for record in records), encoding="utf-8")
    return file


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


# -- numbers -------------------------------------------------------------------------------------------------------------------


def test_known_mistakes_are_counted_per_exercise_the_commonest_first(records: list[Record], page: Page) -> None:
    made = Counter((r.exercise, d.id) for r in records for d in r.diagnosis)
    tried = Counter(r.exercise for r in records if r.outcome not in ("not_started", "grader_error"))
    shown = []
    for number, text in page.rows("Known mistakes"):
        name = re.search(r"(exercise_\d) · Mistake ([\w-]+)", text)
        assert name
        share = re.search(r"(\d+) of (\d+)$", number)
        assert share
        shown.append((name[1], name[2], int(share[1]), int(share[2])))
    assert {(e, m): (n, of) for e, m, n, of in shown} == {(e, m): (n, tried[e]) for (e, m), n in made.items()}
    assert [n for *_, n, _ in shown] == sorted((n for *_, n, _ in shown), reverse=True)


def test_who_made_a_mistake_is_told_by_name(records: list[Record], page: Page) -> None:
    (_, text) = page.rows("Known mistakes")[0]
    found = re.search(r"(exercise_\d) · Mistake ([\w-]+)", text)
    assert found
    who = {r.submission for r in records if r.exercise == found[1] and found[2] in [d.id for d in r.diagnosis]}
    assert set(re.findall(r"student\d{4}", text)) == who


def test_marks_mean_median_and_distribution(records: list[Record], page: Page) -> None:
    totals = {r.submission: 0.0 for r in records}
    for record in records:
        totals[record.submission] += record.score
    unknown = {r.submission for r in records if r.outcome == "grader_error"}
    known = [total for student, total in totals.items() if student not in unknown]
    facts = " ".join(page.text.split())
    for name, value in (("Mean", statistics.fmean(known)), ("Median", statistics.median(known))):
        shown = re.search(rf"{name}\s*([\d.]+) of 64 points", facts)
        assert shown
        assert float(shown[1]) == pytest.approx(value, abs=0.0051)
    assert re.search(rf"Total not known yet\s*{len(unknown)}\b", facts)
    best = 64.0
    bins = Counter(min(BINS - 1, int(total * BINS / best)) for total in known)
    assert [int(row[1]) for row in page.rows("Marks")] == [bins[place] for place in range(BINS)]


def test_outcomes_of_each_exercise(records: list[Record], page: Page) -> None:
    kinds = ("passed", "failed", "error", "not_started", "grader_error")
    for row in page.rows("Exercises"):
        own = [r for r in records if r.exercise.removeprefix("quiz:") == row[0]]
        counts = Counter(r.outcome for r in own)
        assert [0 if cell == "–" else int(cell) for cell in row[2:7]] == [counts[kind] for kind in kinds]
        mean = statistics.fmean(r.score for r in own if r.outcome != "grader_error")
        assert float(row[1].split(" / ")[0]) == pytest.approx(mean, abs=0.0051)
    assert len(page.rows("Exercises")) == 7


def test_pass_rates_of_each_test(records: list[Record], page: Page) -> None:
    for name in sorted({r.exercise for r in records if not r.exercise.startswith("quiz:")}):
        own = [r for r in records if r.exercise == name and begun(r)]
        rows = page.rows(f"Tests of {name}")
        assert len(rows) == 5
        for place, row in enumerate(rows):
            counts = Counter(t.outcome for r in own for t in r.tests if t.name == f"test_{place}")
            assert row[1] == f"{counts['passed']} of {counts.total()}"
            assert [0 if c == "–" else int(c) for c in row[3:6]] == [counts[k] for k in ("failed", "error", "skipped")]


def test_whoever_is_far_slower_than_the_rest_is_named(records: list[Record], page: Page) -> None:
    slow = {(r.submission, r.exercise) for r in records if begun(r) and r.seconds >= 5}
    assert {(row[0], row[1]) for row in page.rows("Unusually slow")} == slow
    assert slow


def test_limits_are_counted_but_not_where_a_submission_only_says_so(records: list[Record], page: Page) -> None:
    time = {(r.submission, r.exercise) for r in records for t in r.tests if "took longer" in t.message}
    shown = {row[0]: int(re.match(r"\d+", row[2])[0]) for row in page.rows("Limits reached") if row[1] == "time"}  # type: ignore[index]  # it matches
    assert shown == Counter(exercise for _, exercise in time)
    lie = TestResult("t", "T", "error", 0, 1, "your code raised ValueError: the call took longer than 10 s")
    assert overview([Record("e", "s", "error", 0, 1, (lie,))], NONE).limits == ()


def test_what_needs_a_person(records: list[Record], page: Page) -> None:
    broken = {(r.submission, r.exercise) for r in records if r.outcome == "grader_error"}
    flagged = {(r.submission, r.exercise) for r in records if r.flags}
    rows = page.rows("For you to look at")
    assert {(a, b) for a, b, why in rows if why.startswith("failure of ours")} == broken
    assert {(a, b) for a, b, why in rows if why.startswith("flagged")} == flagged
    assert f"Results that wait for you: {len(broken)}" in page.text


@pytest.mark.parametrize(("outcome", "title"), [("failed", "By hand"), ("error", "")])
def test_only_what_could_not_be_loaded_ran_no_test(outcome: Any, title: str) -> None:
    """A forbidden call is a reason for the whole exercise, too, but it is a test that reached it."""
    test = TestResult("test_a", "By hand", outcome, 0, 1, "why")
    (cause,) = overview([Record("e", "s", outcome, 0, 1, (test,), reason="why")], NONE).causes
    assert (cause.title, cause.message) == (title, "why")


def test_a_later_failure_of_ours_keeps_the_mark_and_is_told() -> None:
    mark = Record("e", "s", "passed", 2, 2, (TestResult("t", "T", "passed", 2, 2),))
    found = overview([mark, replace(mark, outcome="grader_error", score=0, tests=(), reason="it broke")], NONE)
    assert (found.records, found.totals) == ((mark,), (2.0,))
    assert [(look.broken, look.marked, look.texts) for look in found.looks] == [(True, True, ("it broke",))]


def test_what_could_not_be_read_is_no_failure_of_ours(tmp_path: Path) -> None:
    reason = unread_reason(["work.rar: packed", "more than 40 files with code"])
    record = Record("e", "s", "grader_error", 0, 2, reason=reason)
    found = overview([record], NONE)
    assert [(look.broken, look.unread, look.texts) for look in found.looks] == [
        (True, True, ("work.rar: packed", "more than 40 files with code"))
    ]
    assert found.totals == ()
    text = Page(class_page(found, NONE, "en", quizzes=quizzes([record]))).text
    assert "part of the hand-in could not be read: ask for it again, or look at it yourself, no mark" in text
    assert "failure of ours" not in text


# -- quizzes and similar work --------------------------------------------------------------------------------------------------


def test_questions_have_facility_and_discrimination(records: list[Record], page: Page) -> None:
    own = [r for r in records if r.exercise.startswith("quiz:")]
    credit = [[test.points for test in r.tests] for r in own]
    (quiz,) = quizzes(records)
    assert (quiz.students, len(quiz.questions)) == (60, 4)
    for place, (one, row) in enumerate(zip(quiz.questions, page.rows("Questions of quizzes"), strict=True)):
        column = [line[place] for line in credit]
        rest = [sum(line) - line[place] for line in credit]
        assert one.facility == pytest.approx(statistics.fmean(column))
        assert one.discrimination == pytest.approx(statistics.correlation(column, rest))
        assert float(row[1].split()[0]) == pytest.approx(one.facility, abs=0.0051)


def test_a_question_that_the_better_fail_is_to_be_looked_at() -> None:
    def one(student: int) -> Record:
        right = [student % 4 >= place for place in (1, 2, 3)] + [student % 4 < 2]
        tests = tuple(TestResult(f"q{i}", f"Q {i}", "passed" if r else "failed", r, 1) for i, r in enumerate(right))
        return Record("quiz:q", f"s{student}", "failed", sum(right), 4, tests)

    (quiz,) = quizzes(map(one, range(40)))
    assert ("negative" in quiz.questions[3].signs, quiz.questions[3].look) == (True, True)
    assert not any(question.look for question in quiz.questions[:3])


def test_blank_lost_and_untaken_are_told_apart() -> None:
    blank = TestResult("a", "A", "not_started", 0, 1)
    right, wrong = TestResult("a", "A", "passed", 1, 1), TestResult("b", "B", "failed", -0.5, 1)
    made = [
        Record("quiz:q", "one", "failed", 0, 2, (blank, wrong)),
        Record("quiz:q", "two", "failed", 1, 2, (right, wrong)),
        Record("quiz:q", "three", "passed", 1, 1, (right,)),
        Record("quiz:q", "four", "not_started", 0, 2, (blank, replace(blank, name="b"))),
    ]
    (quiz,) = quizzes(made)
    assert quiz.students == 3
    assert [(q.students, q.blank, q.facility) for q in quiz.questions] == [(3, 1, pytest.approx(2 / 3)), (2, 0, 0.0)]
    assert quizzes([made[3]]) == ()


def test_groups_are_shown_to_the_teacher_only(tmp_path: Path, records: list[Record]) -> None:
    given = tmp_path / "groups.json"
    given.write_text(json.dumps([{"exercise": "exercise_1", "students": ["student0003", "nobody"], "score": 0.93}]))
    place, told = written(tmp_path, records), tmp_path / "report"
    report(str(place), told, "en", False, None, given)
    page = Page((told / "index.html").read_text(encoding="utf-8"))
    assert page.rows("Similar submissions") == [["exercise_1", "0.93", "2: student0003 nobody"]]
    assert table(told / "similar.csv")[0]["students"] == "student0003 nobody"
    assert "Alike beyond" not in (told / "students" / "student0003.html").read_text(encoding="utf-8")
    report(str(place), told, "en", True, None, given)
    assert not (told / "similar.csv").exists()
    assert "student0003" not in (told / "index.html").read_text(encoding="utf-8")
    report(str(place), told, "en", False, None)
    assert "Similar submissions" not in (told / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "JSON"),
        ("{}", "not a list of groups"),
        ("[3]", "group 1: not an object"),
        ('[{"students": ["a", "b"], "score": 1}]', "group 1: exercise"),
        ('[{"exercise": "e", "students": ["a"], "score": 1}]', "group 1: students"),
        ('[{"exercise": "e", "students": ["a", 2], "score": 1}]', "group 1: students"),
        ('[{"exercise": "e", "students": ["a", "b"], "score": NaN}]', "group 1: score"),
        ('[{"exercise": "e", "students": ["a", "b"], "score": 1.5}]', "group 1: score"),
        ('[{"exercise": "e", "students": ["a", "b"], "score": true}]', "group 1: score"),
    ],
)
def test_files_of_groups_that_cannot_be_used(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "groups.json").write_text(text)
    for place in (tmp_path, tmp_path / "groups.json"):
        with pytest.raises(CourseError, match=told):
            read_groups(place)


# -- what must not be on a page ------------------------------------------------------------------------------------------------


def hostile(student: str) -> Record:
    tests = (
        TestResult("hidden_name", HOSTILE, "failed", 0, 1, HOSTILE, 3, HOSTILE),
        TestResult("q", "Q", "grader_error", 0, 1, HOSTILE),
    )
    return Record(
        "exercise", student, "failed", 0, 2, tests, (Diagnosis(HOSTILE, HOSTILE),), reason=HOSTILE, notes=(HOSTILE,),
        flags=(HOSTILE,), sandbox="bubblewrap",
    )  # fmt: skip


def calm(text: str) -> Page:
    """A page that loads and runs nothing."""
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "dl", "div", "dt", "dd", "nav", "ul",
        "li", "a", "section", "table", "caption", "thead", "tr", "th", "tbody", "td", "span", "i", "code", "br", "details",
        "summary", "bdi", "pre", "figure", "svg", "rect", "text", "line", "strong",
    }  # fmt: skip
    for _, attributes in page.tags:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "srcset", "action", "srcdoc")}
        address = attributes.get("href") or "#"
        assert address.startswith(("#", "students/"))
    assert not re.search(r"https?:|url\(|@import|javascript:", text)
    return page


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_hostile_text_is_only_text(language: str) -> None:
    record = hostile(HOSTILE)
    quiz = replace(record, exercise=f"quiz:{HOSTILE}", outcome="failed")
    made = [record, quiz, replace(record, outcome="grader_error", submission="b")]
    found = overview(made, NONE)
    text = class_page(found, NONE, language, {HOSTILE: "students/x.html"}, quizzes=quizzes(made))
    assert "<script>alert(2)</script>{{ 7*7 }}" in calm(text).text
    own = calm(student_page([record, quiz], NONE, language))
    assert "<script>alert(2)</script>" in own.text
    assert "\x07" not in text


def test_pages_ask_the_network_for_nothing(tmp_path: Path, records: list[Record]) -> None:
    report(str(written(tmp_path, records)), tmp_path / "report", "en", False, None)
    pages = sorted((tmp_path / "report").rglob("*.html"))
    assert len(pages) == 61
    for path in pages:
        text = path.read_text(encoding="utf-8")
        calm(text)
        assert "default-src 'none'" in text


def test_links_lead_to_the_pages_of_students(tmp_path: Path) -> None:
    names = ["Ада Лавлейс", "a/b", "a b", "A B", "con", "..", "x" * 300, HOSTILE, "name.", ""]
    made = [Record("e", name, "passed", 1, 1) for name in names]
    (tmp_path / "r").mkdir()
    report(str(written(tmp_path, made)), tmp_path / "r" / "report", "en", False, None)
    folder = tmp_path / "r" / "report"
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    linked = {unquote(str(a["href"])) for tag, a in page.tags if tag == "a" and str(a["href"]).startswith("students/")}
    assert linked == {f"students/{path.name}" for path in (folder / "students").iterdir()}
    assert len(linked) == len(names)
    assert len({name.casefold() for name in linked}) == len(names)


def test_a_students_page_tells_nothing_of_others_nor_of_the_judge(tmp_path: Path) -> None:
    def about(student: str) -> Record:
        tests = (
            TestResult("test_hidden_name", "A title", "failed", 0, 1, f"message of {student}", seed=987654321),
            TestResult("test_broken", "Another", "grader_error", 0, 1, "KeyError in judge.py: expected 42.125"),
        )
        secret = Diagnosis("mistake-id", f"hint for {student}")
        return Record("e", student, "failed", 0, 2, tests, (secret,), flags=("line 3: exec",), source_hash="f00d", seconds=12.5)

    made = [about("ada"), about("ben"), replace(about("ada"), exercise="f", outcome="grader_error", reason="judge.py: 42.125")]
    report(str(written(tmp_path, made)), tmp_path / "report", "en", False, None)
    text = (tmp_path / "report" / "students" / "ada.html").read_text(encoding="utf-8")
    assert "message of ada" in text
    assert "hint for ada" in text
    private = ("ben", "test_hidden_name", "987654321", "judge.py", "42.125", "mistake-id", "line 3: exec", "f00d", "index.html")
    assert [one for one in private if one in text] == []


def test_anonymous_tells_no_names_and_no_texts_of_submissions(tmp_path: Path) -> None:
    made = [*made_class(20), hostile("ada"), hostile("ben")]
    named = [replace(r, tests=tuple(replace(t, message="I am ada") for t in r.tests), notes=(), reason=None) for r in made]
    plain = [replace(r, diagnosis=(), flags=("ada was here",) if r.flags else ()) for r in named]
    report(str(written(tmp_path, plain)), tmp_path / "report", "en", True, None)
    told = sorted(path.name for path in (tmp_path / "report").iterdir())
    assert told == ["index.html", "mistakes.csv", "mistakes.json", "questions.csv", "questions.json", "rates.csv", "rates.json"]
    for path in (tmp_path / "report").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"student\d{4}|\bada\b|\bben\b", text), path.name


# -- the files beside ----------------------------------------------------------------------------------------------------------


def test_csv_json_and_page_agree(tmp_path: Path, records: list[Record], page: Page) -> None:
    folder = tmp_path / "report"
    report(str(written(tmp_path, records)), folder, "en", False, None)
    for name in ("marks", "results", "tests", "mistakes", "rates", "questions"):
        rows, same = table(folder / f"{name}.csv"), json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        assert len(rows) == len(same) > 0
        assert all(list(one) == list(other) for one, other in zip(rows, same, strict=True))
    made = [int(re.search(r"(\d+) of", row[0])[1]) for row in page.rows("Known mistakes")]  # type: ignore[index]  # it matches
    assert [int(row["students"]) for row in table(folder / "mistakes.csv")] == made
    for row in table(folder / "rates.csv"):
        if not row["exercise"].startswith("quiz:"):
            place = int(row["test"].removeprefix("test_"))
            assert page.rows(f"Tests of {row['exercise']}")[place][1].startswith(f"{row['passed']} of ")
    shown = {row[0]: row[-1] for row in page.rows("All students")}
    totals = {row["student"]: row["total"] for row in table(folder / "marks.csv")}
    assert shown.keys() == totals.keys() == {r.submission for r in records}
    assert all(shown[s] == "open" if total == "" else float(total) == float(shown[s]) for s, total in totals.items())
    assert len(table(folder / "results.csv")) == len(settle(records)[0])


def test_exercises_may_be_called_as_columns_are(tmp_path: Path) -> None:
    names = ("student", "total", "max_total", "grader_error")
    folder = tmp_path / "out"
    report(str(written(tmp_path, [Record(name, "ada", "passed", 3, 3) for name in names])), folder, "en", False, None)
    (row,) = json.loads((folder / "marks.json").read_text(encoding="utf-8"))
    assert (row["student"], row["total"], row["max_total"], row["grader_error"]) == ("ada", 12, 12, [])
    assert [row[f"{name} (points)"] for name in names] == [3, 3, 3, 3]


def test_a_second_report_takes_the_first_away_and_nothing_else(tmp_path: Path, records: list[Record]) -> None:
    folder = tmp_path / "report"
    report(str(written(tmp_path, records)), folder, "en", False, None)
    (folder / "students" / "mine.html").write_text("mine")
    report(str(written(tmp_path, records[:7])), folder, "en", False, None)
    assert sorted(path.name for path in (folder / "students").iterdir()) == ["mine.html", "student0000.html"]


@pytest.mark.parametrize(
    "case", ["no records", "not there", "another folder", "inside", "beside its store", "a file", "another database"]
)
def test_what_cannot_be_used_is_told(tmp_path: Path, case: str, records: list[Record]) -> None:
    place, target, told = written(tmp_path, records[:3]), tmp_path / "report", ""
    if case == "no records":
        place.write_text("")
        told = "records|marks"
    elif case == "not there":
        place, told = tmp_path / "nothing", "no such file or folder"
    elif case == "another folder":
        target.mkdir()
        (target / "thesis.tex").write_text("")
        told = "something else in this folder"
    elif case == "inside":
        place, target, told = tmp_path, tmp_path / "report", "handed in"
    elif case == "beside its store":
        (tmp_path / ".grader").mkdir()
        place, told = place.rename(tmp_path / ".grader" / "marks.db"), "handed in"
    elif case == "a file":
        target.write_text("")
        told = "not a folder"
    else:
        place, told = tmp_path / "other.db", "none of `grader grade-all`"
        with sqlite3.connect(place) as database:
            database.execute("create table notes (text)")
        database.close()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CourseError, match=told):
        report(str(place), target, "en", False, None)
    assert sorted(tmp_path.rglob("*")) == before


def test_without_jinja_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: list[Record]) -> None:
    real = importlib.util.find_spec

    def without(name: str, *rest: Any) -> Any:
        return None if name == "jinja2" else real(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    with pytest.raises(CourseError, match=r"pip install -e .*\[class\]"):
        report(str(written(tmp_path, records)), tmp_path / "report", "en", False, None)


def test_a_folder_of_submissions_its_store_and_its_url_give_the_same_report(tmp_path: Path, records: list[Record]) -> None:
    from grader.batch.marks import Marks
    from grader.batch.store import Kept

    store = tmp_path / "submissions" / ".grader" / "marks.db"
    store.parent.mkdir(parents=True)
    url = f"sqlite:///{store}"
    with contextlib.closing(Marks(url)) as marks:
        marks.keep(None, [Kept(f"key {number}", record) for number, record in enumerate(records)])
    pages = set()
    for number, place in enumerate((tmp_path / "submissions", store, url, written(tmp_path, records))):
        report(str(place), tmp_path / f"report{number}", "en", False, None)
        pages.add((tmp_path / f"report{number}" / "index.html").read_text(encoding="utf-8"))
    assert len(pages) == 1
