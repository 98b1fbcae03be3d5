"""What stands for a package that is not installed here, so that only code that uses it fails, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn


class Absent:
    """Bound to the names that a failing import would have bound; whatever is done with it ends in that import's error."""

    __slots__ = ("_error",)

    def __init__(self, error: ImportError) -> None:
        object.__setattr__(self, "_error", error)

    def _fail(self, *_: Any, **__: Any) -> NoReturn:
        error: ImportError = object.__getattribute__(self, "_error")
        raise type(error)(*error.args, name=error.name, path=error.path)

    def __getattr__(self, name: str) -> Any:
        # What Python itself asks of any object, to copy, print or inspect it, is not a use.
        if name[:2] == name[-2:] == "__":
            raise AttributeError(name)
        self._fail()

    __call__ = __setattr__ = __getitem__ = __iter__ = __enter__ = __mro_entries__ = __instancecheck__ = __len__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __rmatmul__ = __truediv__ = __rtruediv__ = _fail
    __neg__ = __float__ = __int__ = __index__ = __bool__ = __or__ = __ror__ = _fail


def told_by(error: BaseException, absent: Iterable[ImportError]) -> bool:
    """Whether an error is one of these, raised again by a use of what is not there."""
    return any(type(error) is type(one) and error.args == one.args for one in absent)
