"""Sees which exercise's files are saved, whichever way the editor writes them."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from grader.locales import tr
from grader.watch.events import Post, Saved, Trouble

_STEP = 10  # milliseconds without a further change after which changes are told
_MOST = 100  # milliseconds after which they are told anyhow
_WAIT = 200  # milliseconds after which it is looked whether to stop
_DECIDING = {"test_public.py", "exercise.yaml", "probe.py"}
Signature = tuple[int, int, int] | None


class Files:
    """Watches a course folder in a thread of its own.

    Parameters:
        root: of the course.
        post: where saves are told.
    """

    def __init__(self, root: Path, post: Post) -> None:
        self.folder = root / "exercises"
        self.post = post
        self._stop = threading.Event()
        self._elsewhere = _linked(self.folder)
        self._seen: dict[Path, Signature] = {path: signature(path) for path in self.folder.glob("*/*/*")}
        self._thread = threading.Thread(target=self._watch, name="files", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(1.0)

    def _watch(self) -> None:
        from watchfiles import watch

        places = {self.folder, *(path.parent for path in self._elsewhere)}
        missed = True
        try:
            for changes in watch(
                *places, watch_filter=None, step=_STEP, debounce=_MOST, rust_timeout=_WAIT, stop_event=self._stop,
                raise_interrupt=False, yield_on_timeout=True,
            ):  # fmt: skip
                self._tell([Path(name) for _, name in changes])
                if missed:  # what was saved before the system's watching began
                    missed = False
                    self._tell(list(self.folder.glob("*/*/*")))
        except (OSError, RuntimeError) as error:
            self.post(Trouble(tr("{folder} cannot be watched: {error}", folder=self.folder, error=error)))
            return
        if not self._stop.is_set():
            self.post(Trouble(tr("{folder} cannot be watched any more; start again", folder=self.folder)))

    def _tell(self, paths: Sequence[Path]) -> None:
        for event in sorted({found for path in paths if (found := self._event(path))}, key=_by_weight):
            self.post(event)

    def _event(self, path: Path) -> Saved | None:
        """What a changed path means; None for what does not matter, and for a file that is as it was."""
        path = self._elsewhere.get(path, path)
        try:
            parts = path.relative_to(self.folder).parts
        except ValueError:
            return None
        file = parts[-1] if parts else ""
        if len(parts) == 3 and file == f"{parts[1]}.py":
            return Saved(parts[1], tests=False) if self._is_new(path) else None
        if len(parts) == 3 and file in _DECIDING:
            return Saved(parts[1], tests=True) if self._is_new(path) else None
        if len(parts) == 2 and (path.is_dir() or not path.exists()):
            return Saved("", tests=True) if self._is_new(path) else None
        return None

    def _is_new(self, path: Path) -> bool:
        now = signature(path)
        if path.is_dir():  # its time changes with every file that is made in it
            now = (0, 0, now[2] if now else 0)
        if path in self._seen and self._seen[path] == now:
            return False
        self._seen[path] = now
        return True


def signature(path: Path) -> Signature:
    """What changes when a file is written or replaced; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _linked(folder: Path) -> dict[Path, Path]:
    """Stubs that are links to files elsewhere, by where the file is written."""
    links = [path for path in folder.glob("*/*/*.py") if path.is_symlink() and path.exists()]
    return {path.resolve(): path for path in links}


def _by_weight(event: Saved) -> tuple[bool, str]:
    return not event.tests, event.exercise
