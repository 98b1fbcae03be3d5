"""Answers the judge's calls for one submission; the same object serves the sandbox, the subprocess and the in-process backend."""

from __future__ import annotations

import functools
import importlib
import inspect
import random
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from . import loading
from .decoding import Decoder
from .encoding import Encoder, tensor_bytes
from .frames import pack
from .hits import Record
from .wire import MAX_LINES, MAX_MESSAGE, MAX_NAME, MAX_TYPES, Handle, Malformed, TooLarge, torch_module

# What no call can change.
_FIXED = frozenset({bool, int, float, str, bytes, type(None)})


class _Tape:
    """What a backward pass of an earlier call needs: its leaves, its parameters and its outputs."""

    def __init__(self, leaves: dict[int, Any], module: Any, outputs: list[Any]) -> None:
        self.leaves = leaves
        self.module = module
        self.outputs = outputs


class Session:
    """One submission: reads it, runs it, calls it.

    Parameters:
        record: the forbidden calls that this process notes.
        limit: the most bytes of arrays in one answer.
        held: a module that is loaded already (what a notebook's kernel holds); the source then only tells facts.
    """

    def __init__(
        self,
        record: Record,
        limit: int,
        held: types.ModuleType | None = None,
    ) -> None:
        self.record = record
        self.held = held
        self.limit = limit
        self.source: loading.Source | None = None
        self.module: types.ModuleType | None = None
        self.modules: dict[int, Any] = {}
        self.tapes: dict[int, _Tape] = {}
        self.probes: dict[str, dict[str, Any]] = {}
        self.count = 0
        self.last_call: tuple[Any, list[Any], dict[str, Any]] | None = None
        self.last_error: BaseException | None = None

    def answer(self, message: dict[str, Any], arrays: memoryview) -> bytes:
        """The frame that answers one request; whatever the student's code raises becomes part of the answer."""
        decoder = Decoder(arrays, handle=self._stored_module, layouts=True)
        encoder = Encoder(self.limit, module=self._handle)
        self.record.hits.clear()
        try:
            if "seed" in message:
                self._begin(int(message["seed"]))
            operation: Callable[..., dict[str, Any]] = getattr(self, "do_" + str(message.get("op")))
            reply = operation(message, decoder, encoder)
            frame = pack(self._with_hits(reply), encoder.buffers)
        except TooLarge as error:
            frame = pack(self._with_hits({"too_large": str(error)}), [])
        except BaseException as error:
            self.last_error = error
            frame = pack(self._with_hits({"error": self._describe(error)}), [])
        return frame

    def _with_hits(self, reply: dict[str, Any]) -> dict[str, Any]:
        if self.record.hits:
            reply["hits"] = [[hit.ban, hit.name, hit.line] for hit in self.record.hits[:20]]
        return reply

    # -- operations ------------------------------------------------------------------------------------------------------------

    def do_read(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Facts about the source, told before any of the student's code has run."""
        filename = str(message["filename"])
        self.record.filename = filename
        self.source = loading.read(filename, decoder.value(message["source"]))
        entries = [str(entry) for entry in message["entries"]]
        return {
            "untouched": [entry for entry in entries if loading.untouched(self.source, entry)],
            "flags": loading.flags(self.source),
        }

    def do_load(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Execute the module and say what its entries are."""
        if self.source is None:
            raise Malformed("load before read")
        self.module = self.held or loading.execute(self.source)
        self.record.hits.clear()
        entries = {str(entry): self._entry(str(entry)) for entry in message["entries"]}
        names = [name for name in vars(self.module) if not name.startswith("_")][:200]
        return {"skipped": self.source.skipped, "entries": entries, "names": names}

    def do_call(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Call a name of the submission, or a module by handle."""
        if "handle" in message:
            target = module = self.modules[int(message["handle"])]
        else:
            target, module = self._named(str(message["name"])), None
        return self._call(target, module, message, decoder, encoder)

    def do_each(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Call a name of the submission once for each list of arguments; the list of what came back."""
        target = self._named(str(message["name"]))
        return self._call(target, None, message, decoder, encoder, each=True)

    def do_probe(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Run a function of a probe file on the student's module."""
        key = str(message["probe"])
        if key not in self.probes:
            text = str(message["source"])
            namespace: dict[str, Any] = {"__name__": "probe"}
            exec(compile_probe(text), namespace)
            self.probes[key] = namespace
        function = self.probes[key][str(message["name"])]
        module = self.module
        return self._call(lambda *args, **kwargs: function(module, *args, **kwargs), None, message, decoder, encoder)

    def do_backward(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """Gradients of an earlier call's outputs with respect to its leaves and its module's parameters."""
        torch: Any = torch_module()
        tape = self.tapes[int(message["tape"])]
        upstream = decoder.value(message["upstream"])
        parameters = dict(tape.module.named_parameters()) if tape.module is not None else {}
        parameters = {name: p for name, p in parameters.items() if p.requires_grad}
        pairs = [(out, grad) for out, grad in zip(tape.outputs, upstream, strict=True) if grad is not None]
        with torch.enable_grad():
            # Of one number: where gradients are given, torch first imports a library for algebra.
            total = sum((out * grad).sum() for out, grad in pairs)
            wanted = [*tape.leaves.values(), *parameters.values()]
            found = torch.autograd.grad(total, wanted, retain_graph=True, allow_unused=True)
        gradients = dict(zip([*map(str, tape.leaves), *("." + name for name in parameters)], found, strict=True))
        return {"value": encoder.tree({k: None if g is None else g.detach() for k, g in gradients.items()})}

    def do_module(self, message: dict[str, Any], decoder: Decoder, encoder: Encoder) -> dict[str, Any]:
        """state_dict, load_state_dict, train, eval, to or zero_grad of a module by handle; answers with its fresh handle."""
        module = self.modules[int(message["handle"])]
        name = str(message["name"])
        args = decoder.value(message["args"])
        if name == "state_dict":
            state = {key: value.detach() for key, value in module.state_dict().items()}
            return {"value": encoder.tree(state)}
        if name == "to":
            args = [getattr(torch_module(), str(args[0]))]
        getattr(module, name)(*args)
        return {"value": self._handle(module, encoder)}

    def _begin(self, seed: int) -> None:
        """A new test (or the loading) begins: modules and tapes of the last one go, random generators start from its seed."""
        self.modules.clear()
        self.tapes.clear()
        self.count = 0
        seed_generators(seed)

    # -- helpers ---------------------------------------------------------------------------------------------------------------

    def _call(
        self, target: Any, module: Any, message: dict[str, Any], decoder: Decoder, encoder: Encoder, each: bool = False
    ) -> dict[str, Any]:
        args: list[Any] = decoder.value(message["args"])
        kwargs: dict[str, Any] = decoder.value(message["kwargs"])
        leaves = decoder.differentiable
        for leaf in leaves.values():
            leaf.requires_grad_()
        encoder.module = lambda value: self._handle(value, encoder)
        changed: list[str] = []
        if each:
            trees = [encoder.tree(self._run(target, list(one), {}, decoder, changed)) for one in args]
            reply: dict[str, Any] = {"value": {"l": trees}}
        else:
            reply = {"value": encoder.tree(self._run(target, args, kwargs, decoder, changed))}
        if changed:
            reply["changed"] = changed
        if encoder.differentiable:
            self.count += 1
            self.tapes[self.count] = _Tape(dict(leaves), module, encoder.differentiable)
            reply["tape"] = self.count
        return reply

    def _run(self, target: Any, args: list[Any], kwargs: dict[str, Any], decoder: Decoder, changed: list[str]) -> Any:
        """What a call returns; names of the arguments that it changed are added to a list."""
        values = {str(i): v for i, v in enumerate(args) if type(v) not in _FIXED}
        values.update((name, v) for name, v in kwargs.items() if type(v) not in _FIXED)
        before = {name: decoder.received.get(id(value)) or _fingerprint(value) for name, value in values.items()}
        self.last_call, self.last_error = (target, args, kwargs), None
        result = target(*args, **kwargs)
        changed += [name for name, value in values.items() if not _same(_fingerprint(value), before[name])]
        return result

    def _named(self, name: str) -> Any:
        if self.module is None:
            raise Malformed("call before load")
        return getattr(self.module, name)

    def _entry(self, name: str) -> dict[str, Any]:
        if self.module is None or not hasattr(self.module, name):
            return {"exists": False}
        entry = getattr(self.module, name)
        try:
            signature = str(inspect.signature(entry))[:300]
        except (TypeError, ValueError):
            signature = ""
        return {
            "exists": True,
            "callable": callable(entry),
            "kind": type(entry).__name__[:100],
            "signature": signature,
        }

    def _stored_module(self, handle: Handle) -> Any:
        return self.modules[handle.number]

    def _handle(self, module: Any, encoder: Encoder | None = None) -> dict[str, Any]:
        number = next((n for n, known in self.modules.items() if known is module), len(self.modules) + 1)
        self.modules[number] = module
        encoder = encoder or Encoder(self.limit)
        parameters = {name: encoder.tree(p.detach()) | {"r": p.requires_grad} for name, p in module.named_parameters()}
        modules = {str(name): type(m).__name__ for name, m in module.named_modules()}
        return {
            "h": number,
            "kind": type(module).__name__[:100],
            "training": bool(module.training),
            "parameters": parameters,
            "modules": modules,
        }

    def _describe(self, error: BaseException) -> dict[str, Any]:
        try:
            message = str(error)[:MAX_MESSAGE]
        except BaseException as second:
            message = f"(its message cannot be read: {type(second).__name__})"
        lines: list[list[Any]] = []
        trace = error.__traceback__
        while trace is not None and len(lines) < MAX_LINES:
            code = trace.tb_frame.f_code
            if code.co_filename == self.record.filename:
                lines.append([trace.tb_lineno, code.co_name])
            trace = trace.tb_next
        described: dict[str, Any] = {
            "types": [cls.__name__[:MAX_NAME] for cls in type(error).__mro__][:MAX_TYPES],
            "message": message,
            "lines": lines,
            "errno": error.errno if isinstance(error, OSError) else None,
        }
        if isinstance(error, SyntaxError):
            described["message"] = str(error.msg)[:MAX_MESSAGE]
            described["lines"] = lines or ([[error.lineno, "<module>"]] if error.lineno else [])
        return described


def _fingerprint(value: Any) -> Any:
    """What a call must leave as it is: the values and shapes of arrays, also inside lists, tuples and dicts."""
    kind = type(value)
    if kind is np.ndarray:
        return value.shape, value.dtype, value.tobytes()
    torch = torch_module()
    if torch is not None and kind is torch.Tensor:
        return value.shape, value.dtype, tensor_bytes(torch, value.detach() if value.requires_grad else value)
    if kind is list or kind is tuple:
        return kind, [_fingerprint(item) for item in value]
    if kind is dict:
        return [(key, _fingerprint(item)) for key, item in value.items()]
    return value if kind in _FIXED else None


def _same(one: Any, other: Any) -> bool:
    # NaN is the same as itself here: nothing was written.
    return repr(one) == repr(other) if isinstance(one, float) else bool(one == other)


def seed_generators(seed: int) -> None:
    """Start all random generators that a submission may draw from."""
    random.seed(seed)
    np.random.seed(seed % (1 << 32))
    torch = torch_module()
    if torch is not None:
        # Not torch.manual_seed, which looks for every accelerator first.
        torch.default_generator.manual_seed(seed % (1 << 63))


@functools.lru_cache(maxsize=64)
def compile_probe(text: str) -> types.CodeType:
    """A probe file as code."""
    return compile(text, "<probe>", "exec", dont_inherit=True)


def preload(names: list[str], rehearse: bool) -> None:
    """Import the libraries that submissions use, on one thread.

    Parameters:
        names: of the libraries.
        rehearse: go through one submission as well, so that forks start warm.
    """
    for name in names:
        importlib.import_module(name)
    torch: Any = torch_module()
    if torch is not None:
        torch.set_num_threads(1)
    if rehearse:
        _rehearse_all(torch)


def _rehearse_all(torch: Any) -> None:
    session = Session(Record(), 1 << 20)
    values = [np.ones((2, 3))] if torch is None else [np.ones((2, 3)), torch.ones(2, 3, requires_grad=True)]
    _rehearse(session, {"op": "read", "filename": "rehearsal.py", "entries": ["f"], "source": _REHEARSAL})
    _rehearse(session, {"op": "load", "seed": 1, "entries": ["f"]})
    _rehearse(session, {"op": "call", "seed": 1, "name": "f", "args": values, "kwargs": {}})
    if torch is not None:
        _warm_up(torch)
        _rehearse(session, {"op": "backward", "tape": 1, "upstream": [torch.ones(2, 3)]})
    sys.modules.pop(loading.MODULE, None)


_REHEARSAL = b"""
import math
import numpy as np


def f(x, y=None):
    return x * 2 if y is None else (x * 2, y.exp())
"""


def _rehearse(session: Session, message: dict[str, Any]) -> None:
    encoder = Encoder(1 << 20)
    coded = {k: encoder.tree(v) if k in ("args", "kwargs", "source", "upstream") else v for k, v in message.items()}
    session.answer(coded, memoryview(b"".join(encoder.buffers)))


def _warm_up(torch: Any) -> None:
    for dtype in (torch.float32, torch.float64):
        x = torch.ones(2, 3, dtype=dtype, requires_grad=True)
        layer = torch.nn.Linear(3, 4).to(dtype)
        y = torch.tanh(layer(x)).sigmoid().softmax(-1) @ torch.ones(4, 2, dtype=dtype)
        mask = torch.ones(2, 2, dtype=torch.bool).tril()
        z = y.masked_fill(~mask, -1.0).exp().log1p().pow(2).transpose(0, 1).reshape(-1)
        torch.cat([z, z]).sum().backward()
        torch.einsum("ij,kj->ik", x.detach(), x.detach()).chunk(2, dim=0)
        torch.randn(2, dtype=dtype)
