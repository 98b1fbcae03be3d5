"""Keeps a class's marks in a database: each result the moment it exists, and who is grading what, so that runs can share it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from grader.batch.store import Kept
from grader.catalog.extras import install
from grader.catalog.problems import CourseError
from grader.record import Record, from_json, to_json
from grader.sandbox.contract import Unavailable

LEASE = 90.0  # seconds that a run may be silent before its claims are free
_BEAT = 20.0
_WAIT = 60.0  # seconds for a lock that another run holds
_PAGE = 500
_SCHEMA = 1

_tables = sql.MetaData()
_marks = sql.Table(
    "marks", _tables,
    sql.Column("student", sql.Text, primary_key=True),
    sql.Column("exercise", sql.Text, primary_key=True),
    sql.Column("key", sql.Text, nullable=False),
    sql.Column("outcome", sql.Text, nullable=False),
    sql.Column("score", sql.Float, nullable=False),
    sql.Column("max_score", sql.Float, nullable=False),
    sql.Column("record", sql.Text, nullable=False),
    sql.Column("written", sql.DateTime, nullable=False, server_default=sql.func.now()),
)  # fmt: skip
_failures = sql.Table(
    "failures", _tables,
    sql.Column("student", sql.Text, primary_key=True),
    sql.Column("exercise", sql.Text, primary_key=True),
    sql.Column("record", sql.Text, nullable=False),
    sql.Column("written", sql.DateTime, nullable=False, server_default=sql.func.now()),
)  # fmt: skip
_claims = sql.Table(
    "claims", _tables, sql.Column("work", sql.Text, primary_key=True), sql.Column("run", sql.Text, nullable=False, index=True)
)
_runs = sql.Table(
    "runs", _tables,
    sql.Column("run", sql.Text, primary_key=True),
    sql.Column("place", sql.Text, nullable=False),
    sql.Column("pid", sql.Integer, nullable=False),
    sql.Column("born", sql.Text, nullable=False),
    sql.Column("beat", sql.Float, nullable=False),
)  # fmt: skip
_about = sql.Table("about", _tables, sql.Column("schema", sql.Integer, primary_key=True))

Claim = Literal["mine", "done", "taken"]


@dataclass(frozen=True)
class Work:
    """What one claim is about: a student and the exercises of one source, each with the key that its mark will have."""

    student: str
    keys: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The claim's name."""
        return hashlib.sha256(repr((self.student, self.keys)).encode("utf-8", "surrogatepass")).hexdigest()


class Marks:
    """The database of a class.

    Parameters:
        url: of SQLAlchemy; SQLite or PostgreSQL.

    Raises:
        CourseError: the address cannot be used.
        Unavailable: the database cannot be reached or written.
    """

    def __init__(self, url: str) -> None:
        self.run = uuid.uuid4().hex
        self._stop = threading.Event()
        self._beating: threading.Thread | None = None
        self.engine = _engine(url)
        inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
        self._insert = inserts[self.engine.dialect.name]
        self.shown = self.engine.url.render_as_string(hide_password=True)
        with self._told(), self.engine.begin() as connection:
            _tables.create_all(connection)
            found = connection.scalar(sql.select(_about.c.schema))
            if found is None:
                connection.execute(self._insert(_about).values(schema=_SCHEMA).on_conflict_do_nothing())
        if found not in (None, _SCHEMA):
            raise CourseError(f"{self.shown}: it was written by a newer version of the kit (schema {found}, not {_SCHEMA})")

    def close(self) -> None:
        """Give up what this run has claimed, and what was left by runs that were killed; hang up."""
        self._stop.set()
        if self._beating is not None:
            self._beating.join()
        with contextlib.suppress(SQLAlchemyError), self.engine.begin() as connection:
            runs = connection.scalars(sql.select(_runs.c.run).where(_runs.c.run != self.run)).all()
            for run in (self.run, *(run for run in runs if not self._is_alive(connection, run))):
                connection.execute(_claims.delete().where(_claims.c.run == run))
                connection.execute(_runs.delete().where(_runs.c.run == run))
        self.engine.dispose()

    # -- reading ---------------------------------------------------------------------------------------------------------------

    def keys(self) -> dict[tuple[str, str], str]:
        """The keys of all marks, by student and exercise."""
        with self._told(), self.engine.connect() as connection:
            rows = connection.execute(sql.select(_marks.c.student, _marks.c.exercise, _marks.c.key))
            return {(row.student, row.exercise): row.key for row in rows}

    def records(self, student: str | None = None) -> Iterator[Record]:
        """The records of all marks, or of one student's, by student and exercise."""
        yield from self._read(_marks, student)

    def failures(self) -> Iterator[Record]:
        """Failures of ours that wait for another try."""
        yield from self._read(_failures, None)

    def _read(self, table: sql.Table, student: str | None) -> Iterator[Record]:
        """Page by page: whoever reads slowly must not hold up those who write."""
        order = sql.tuple_(table.c.student, table.c.exercise)
        query = sql.select(table).order_by(table.c.student, table.c.exercise).limit(_PAGE)
        if student is not None:
            query = query.where(table.c.student == student)
        last: tuple[str, str] | None = None
        while True:
            with self._told(), self.engine.connect() as connection:
                rows = connection.execute(query if last is None else query.where(order > sql.tuple_(*last))).all()
            for row in rows:
                try:
                    yield from_json(row.record)
                except ValueError as error:
                    raise CourseError(f"{self.shown}: a record in it cannot be read: {error}") from None
            if len(rows) < _PAGE:
                return
            last = (rows[-1].student, rows[-1].exercise)

    # -- writing ---------------------------------------------------------------------------------------------------------------

    def keep(self, work: Work | None, kept: Sequence[Kept], force: bool = False) -> None:
        """Write results of one student, and end the claim on them; a failure of ours goes beside the mark, not over it.

        A mark that is there under the same key stays as it was written, unless forced: where one exercise of a source failed
        on our side, the next run grades the others again with it.
        """
        with self._told(), self.engine.begin() as connection:
            for one in kept:
                record = one.record
                place = {"student": record.submission, "exercise": record.exercise}
                if record.outcome == "grader_error":
                    self._put(connection, _failures, place, {"record": to_json(record)})
                    continue
                values = {
                    "key": one.key, "outcome": record.outcome, "score": record.score, "max_score": record.max_score,
                    "record": to_json(record),
                }  # fmt: skip
                self._put(connection, _marks, place, values, None if force else _marks.c.key != one.key)
                connection.execute(_failures.delete().filter_by(**place))
            if work is not None:
                connection.execute(_claims.delete().where(_claims.c.work == work.name))

    def settle(self, student: str, exercises: Iterable[str]) -> None:
        """Take back failures of ours: what was handed in is what the marks are for, once more."""
        with self._told(), self.engine.begin() as connection:
            here = sql.and_(_failures.c.student == student, _failures.c.exercise.in_(list(exercises)))
            connection.execute(_failures.delete().where(here))

    def _put(
        self, connection: sql.Connection, table: sql.Table, place: dict[str, str], values: dict[str, Any], where: Any = None
    ) -> None:
        values = {**values, "written": sql.func.now()}
        insert = self._insert(table).values(**place, **values)
        connection.execute(insert.on_conflict_do_update(index_elements=list(place), set_=values, where=where))

    # -- sharing ---------------------------------------------------------------------------------------------------------------

    def claim(self, work: Work, force: bool = False) -> Claim:
        """Take work for this run, unless it is done or another run that is alive has it.

        Parameters:
            force: take it though there is a mark for it.
        """
        self._begin()
        mine = self._insert(_claims).values(work=work.name, run=self.run).on_conflict_do_nothing()
        this = _claims.c.work == work.name
        with self._told(), self.engine.begin() as connection:
            connection.execute(mine)
            holder = connection.scalar(sql.select(_claims.c.run).where(this))
            if holder not in (self.run, None) and not self._is_alive(connection, holder):
                connection.execute(_claims.delete().where(this, _claims.c.run == holder))
                connection.execute(mine)
                holder = connection.scalar(sql.select(_claims.c.run).where(this))
            if holder != self.run:
                return "taken"
            # Looked at only now: who had the claim before may have finished a moment ago.
            if force or not self._is_done(connection, work):
                return "mine"
            connection.execute(_claims.delete().where(this))
            return "done"

    def _is_done(self, connection: sql.Connection, work: Work) -> bool:
        rows = connection.execute(sql.select(_marks.c.exercise, _marks.c.key).where(_marks.c.student == work.student))
        kept = {row.exercise: row.key for row in rows}
        return all(kept.get(exercise) == key for exercise, key in work.keys)

    def _is_alive(self, connection: sql.Connection, run: str) -> bool:
        row = connection.execute(sql.select(_runs).where(_runs.c.run == run)).first()
        if row is None:
            return False
        if row.place == _place():
            return _born(row.pid) == str(row.born)
        # A clock that was set back would keep a dead run's claims for ever.
        return abs(self._now(connection) - float(row.beat)) <= LEASE

    def _begin(self) -> None:
        """Enter this run, once, and keep its claims from running out."""
        if self._beating is None:
            self._beat()
            self._beating = threading.Thread(target=self._keep_beating, daemon=True)
            self._beating.start()

    def _keep_beating(self) -> None:
        while not self._stop.wait(_BEAT):
            with contextlib.suppress(SQLAlchemyError, Unavailable):  # the next write of a result tells
                self._beat()

    def _beat(self) -> None:
        with self._told(), self.engine.begin() as connection:
            values = {"place": _place(), "pid": os.getpid(), "born": _born(os.getpid()), "beat": self._now(connection)}
            insert = self._insert(_runs).values(run=self.run, **values)
            connection.execute(insert.on_conflict_do_update(index_elements=["run"], set_=values))

    def _now(self, connection: sql.Connection) -> float:
        """The database's clock, which all runs share."""
        text = "(julianday('now') - 2440587.5) * 86400.0" if self.engine.dialect.name == "sqlite" else "extract(epoch from now())"
        return float(connection.scalar(sql.select(sql.literal_column(text))) or 0.0)

    # -- the database ----------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong with the database, in one sentence: nothing of a transaction that failed is written."""
        try:
            yield
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise Unavailable(f"{self.shown}: {cause}{_remedy(cause)}") from None


def _engine(url: str) -> sql.Engine:
    try:
        parsed = sql.make_url(url)
        name = parsed.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise CourseError(f"--store: {name} is not supported; give a file, or sqlite:///… or postgresql+psycopg://…")
        if name == "sqlite" and not parsed.database:
            raise CourseError("--store: sqlite without a file keeps nothing; name one, as in sqlite:////home/me/marks.db")
        engine = sql.create_engine(parsed, connect_args={"timeout": _WAIT} if name == "sqlite" else {})
    except (SQLAlchemyError, ModuleNotFoundError, ValueError) as error:
        advice = f"; {install('postgres')}" if isinstance(error, ModuleNotFoundError) else ""
        raise CourseError(f"--store: this address cannot be used: {error}{advice}") from None
    if name == "sqlite":
        sql.event.listen(engine, "connect", _by_hand)
        sql.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _by_hand(connection: Any, _: object) -> None:
    """Python's driver begins transactions too late to be of use; a transaction of ours locks when it begins."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")


def _remedy(cause: str) -> str:
    what_to_do = {
        "full": "free some space and run the same command again",
        "locked": "another program has it open and does not let go; close that and run the same command again",
        "readonly": "its file or folder may not be written; name another place with --store",
        "unable to open": "its folder is not there or may not be written; name another place with --store",
        "disk I/O": "the disk is full or broken; what was written before is safe",
        "not a database": "this file is something else; name another place with --store",
        "malformed": "the file is damaged; put a copy back, or delete it and grade again",
        "refused": "is the server running?",
    }
    return next((f"; {text}" for word, text in what_to_do.items() if word in cause), "")


def _place() -> str:
    """The machine, and the part of it in which process numbers mean the same."""
    try:
        space = os.readlink("/proc/self/ns/pid") + Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        space = ""
    return f"{platform.node()} {space}"


def _born(pid: int) -> str:
    """What tells a process from another that later has its number; empty where there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return "" if fields[0] == b"Z" else fields[19].decode()
    except OSError:
        pass
    if os.path.exists("/proc/self/stat") or os.name == "nt":
        return ""
    try:
        os.kill(pid, 0)
    except OSError:
        return ""
    return "alive"
