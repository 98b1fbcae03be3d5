"""What a submission may use: the limits and the calls that an exercise takes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Every field can be overridden in an exercise's manifest.

    Attributes:
        call_seconds: wall clock of one call.
        submission_seconds: wall clock of all calls of one exercise on one submission.
        cpu_seconds: processor time of the process.
        memory_mb: memory beyond what the warm process has.
        open_files: file descriptors.
        processes: processes that it may start; 0 means threads only.
        file_mb: size of one file it writes; the working folder as a whole holds 64 MB.
        reply_mb: arrays in one answer.
        output_kb: printed text that is kept; more is cut.
        output_mb: printed text after which the process is stopped.
        source_kb: size of the submission's file.
    """

    call_seconds: float = 10.0
    submission_seconds: float = 60.0
    cpu_seconds: int = 60
    memory_mb: int = 2048
    open_files: int = 128
    processes: int = 0
    file_mb: int = 16
    reply_mb: int = 64
    output_kb: int = 64
    output_mb: int = 32
    source_kb: int = 1024

    def with_overrides(self, overrides: Mapping[str, float]) -> Limits:
        """These limits with some fields replaced."""
        return replace(self, **{key: type(getattr(self, key))(value) for key, value in overrides.items()})

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers by name, for the wire."""
        return asdict(self)


@dataclass(frozen=True)
class BanSpec:
    """What one entry of a manifest's `forbidden` takes away.

    Attributes:
        operators: globs of torch's operators.
        functions: dotted names.
        closed: packages of these functions that need not be imported to take them away, unless they are there anyway: who
            imports one is told to the judge, which starts again with the package in place.
    """

    operators: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, list[str]]:
        """For the process that runs the submission."""
        return {"operators": list(self.operators), "functions": list(self.functions), "closed": list(self.closed)}
