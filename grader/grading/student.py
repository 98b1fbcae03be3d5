"""The fixture `student`: looks like the student's module, and every use of it is a request to the student's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.grading.conform import conform
from grader.grading.conversation import Answer, Conversation
from grader.guest.wire import Handle
from grader.sandbox.contract import Ended


@dataclass(frozen=True)
class Names:
    """What the stub calls the parameters of the entry (of a class: its constructor's), and those of a class's `forward`."""

    entry: Sequence[str] = ()
    forward: Sequence[str] = ()


class RemoteModule:
    """A torch module in the student's process.

    Its parameters are mirrored here as leaf tensors, which receive gradients when a backward pass goes through a call.
    """

    def __init__(self, student: Student, handle: Handle) -> None:
        self._student = student
        self._handle = handle

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the module."""
        form = self._student.call_returns if self._student.entry_is_module else "any"
        names = self._student.names.forward if self.named_modules().get("") == self._student.entry else ()
        self._student._last = ("module", args, kwargs, names)
        return self._student.perform("call", args, kwargs, form, names, module=self, handle=self._handle.number)

    @property
    def training(self) -> bool:
        """Whether the module is in training mode."""
        return self._handle.training

    def named_parameters(self) -> dict[str, Any]:
        """Leaf tensors by name, mirrors of the module's parameters."""
        return self._handle.parameters

    def named_modules(self) -> dict[str, str]:
        """Class names by name, the module itself under the empty name."""
        return self._handle.modules

    def state_dict(self) -> dict[str, Any]:
        """The module's state."""
        value = self._request("state_dict").value
        if not isinstance(value, dict):
            raise Ended("garbled", "a state_dict of unknown form")
        return value

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set the module's state; every key must be there, as in torch."""
        self._refresh("load_state_dict", dict(state))

    def train(self, mode: bool = True) -> RemoteModule:
        """Training mode."""
        return self._refresh("train", mode)

    def eval(self) -> RemoteModule:
        """Evaluation mode."""
        return self._refresh("eval")

    def to(self, dtype: str) -> RemoteModule:
        """Another dtype, by name."""
        return self._refresh("to", dtype)

    def zero_grad(self) -> None:
        """Forget the gradients of the mirrors."""
        for parameter in self._handle.parameters.values():
            parameter.grad = None

    def _request(self, name: str, *args: Any) -> Answer:
        return self._student.conversation.call(
            "module", args, {}, self._student.handles, name=name, handle=self._handle.number
        )

    def _refresh(self, name: str, *args: Any) -> RemoteModule:
        fresh = self._request(name, *args).value
        if not isinstance(fresh, RemoteModule):
            raise Ended("garbled", "a module of unknown form")
        self._handle = fresh._handle
        return self


class Student:
    """What a test sees of a submission.

    Parameters:
        conversation: with the student's process.
        entry: the name that the exercise asks for.
        returns, call_returns: of the manifest.
        names: of parameters, for messages.
        probe: the text of the probe file beside the test, if there is one.
    """

    def __init__(
        self,
        conversation: Conversation,
        entry: str,
        returns: Any,
        call_returns: Any,
        names: Names,
        probe: str | None,
    ) -> None:
        self.conversation = conversation
        self.entry = entry
        self.returns = returns
        self.call_returns = call_returns
        self.entry_is_module = returns == "module"
        self.names = names
        self.probe_text = probe
        self._last: tuple[str, Any, Any, Sequence[str] | None] | None = None

    @property
    def last_call(self) -> str:
        """The last call in words."""
        if self._last is None:
            return ""
        what, args, kwargs, names = self._last
        return f"{what}({_signature_text(args, kwargs, names)})" if names is not None else what

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def function(*args: Any, **kwargs: Any) -> Any:
            form = self.returns if name == self.entry else "any"
            names = self.names.entry if name == self.entry else ()
            self._last = (name, args, kwargs, names)
            return self.perform("call", args, kwargs, form, names, name=name)

        return function

    def probe(self, function: str, *args: Any, returns: Any = "any", **kwargs: Any) -> Any:
        """Run a function of the probe file in the student's process."""
        if self.probe_text is None:
            raise FileNotFoundError("there is no probe.py beside the tests")
        self._last = (f"{self.entry}, by the probe {function}", (), {}, None)
        named = self.conversation.probe(self.probe_text)
        return self.perform("probe", args, kwargs, _as_form(returns), (), name=function, **named)

    def each(self, calls: Sequence[Sequence[Any]]) -> list[Any]:
        """Call the entry once for each list of positional arguments, all in one request; what came back, in their order.

        Each answer must have the form that the manifest promises. The first call that raises ends them all.
        """
        if not calls:
            return []
        names = self.names.entry
        self._last = (self.entry, calls[-1], {}, names)
        arguments = [list(call) for call in calls]
        forms = (self.returns,) * len(calls)
        return list(self.perform("each", arguments, {}, forms, names, name=self.entry, times=len(calls)))

    @property
    def changed_inputs(self) -> list[str]:
        """The inputs that calls have changed, in words."""
        return list(self.conversation.changed)

    def perform(
        self, op: str, args: Any, kwargs: Any, form: Any, names: Sequence[str],
        module: RemoteModule | None = None, times: int = 1, **fields: Any,
    ) -> Any:  # fmt: skip
        """One request; its answer in the promised form, joined to the local autograd graph.

        Parameters:
            op, args, kwargs, times, fields: see `Conversation.call`.
            form: that is promised.
            names: of the parameters of what is called, where they are known.
            module: that is called, if it is one.
        """
        answer = self.conversation.call(op, args, kwargs, self.handles, _number, times, **fields)
        self.conversation.changed += [_argument_word(key, names) for key in answer.changed]
        value = answer.value
        if answer.differentiable:
            value = self._join(answer, answer.leaves, module)
        return conform(value, form, RemoteModule)

    def handles(self, handle: Handle) -> RemoteModule:
        """What stands here for a module there."""
        return RemoteModule(self, handle)

    def _join(self, answer: Answer, leaves: list[Any], module: RemoteModule | None) -> Any:
        from grader.grading.gradient import join

        mirrors = module.named_parameters() if module is not None else {}
        outputs = [answer.differentiable[number] for number in sorted(answer.differentiable)]
        if answer.tape is None or sorted(answer.differentiable) != list(range(len(outputs))):
            raise Ended("garbled", "gradients without a way back")
        joined = join(self.conversation, answer.tape, outputs, leaves, mirrors)
        return _replaced(answer.value, {id(old): new for old, new in zip(outputs, joined, strict=True)})


def _argument_word(key: str, names: Sequence[str]) -> str:
    """An argument by its name, or by its place counted from 1 where that is not known."""
    if not (key.isascii() and key.isdecimal() and len(key) < 4):
        return f"argument `{key}`"
    index = int(key)
    return f"argument `{names[index]}`" if index < len(names) else f"argument {index + 1}"


def _number(value: Any) -> int | None:
    """The number of the module that a value stands for."""
    return value._handle.number if isinstance(value, RemoteModule) else None


def _as_form(returns: Any) -> Any:
    return tuple(_as_form(item) for item in returns) if isinstance(returns, (list, tuple)) else returns


def _replaced(value: Any, by: dict[int, Any]) -> Any:
    if id(value) in by:
        return by[id(value)]
    if isinstance(value, (list, tuple)):
        return type(value)(_replaced(item, by) for item in value)
    if isinstance(value, dict):
        return {key: _replaced(item, by) for key, item in value.items()}
    return value


def _signature_text(args: Sequence[Any], kwargs: Mapping[str, Any], names: Sequence[str]) -> str:
    """Arguments as a student should see them: arrays by name and shape, numbers by value."""
    texts = []
    for index, value in enumerate(args):
        name = names[index] if index < len(names) else ""
        texts.append(_argument_text(value, name))
    texts += [f"{name}={_argument_text(value, '')}" for name, value in kwargs.items()]
    return ", ".join(texts)


def _argument_text(value: Any, name: str) -> str:
    if hasattr(value, "shape") and hasattr(value, "dtype") and value.shape:
        return f"{name or type(value).__name__} {tuple(value.shape)}"
    if isinstance(value, (tuple, list)) and any(hasattr(item, "shape") for item in value):
        inner = ", ".join(_argument_text(item, "") for item in value)
        return f"{name + ' ' if name else ''}({inner})"
    return f"{name + '=' if name else ''}{str(value)[:60]}"

