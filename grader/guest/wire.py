"""Values on the wire between judge and student: JSON for structure, raw bytes for arrays, no code in either direction.

Values become JSON where JSON can say them and one-key objects where it cannot; see `Encoder.tree` for the list.
"""

from __future__ import annotations

import base64
import functools
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_TEXT = 200_000
MAX_INT_BITS = 8_192
MAX_DIMENSIONS = 32
MAX_SPAN = 1 << 26

_ITEM_SIZES = {
    "bool": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8,
    "float16": 2, "float32": 4, "float64": 8, "bfloat16": 2, "float8_e4m3fn": 1, "float8_e5m2": 1,
}  # fmt: skip
_TORCH_NAMES = frozenset(_ITEM_SIZES)
_NUMPY_NAMES = _TORCH_NAMES - {"bfloat16", "float8_e4m3fn", "float8_e5m2"}
_NAME_OF_DTYPE = {np.dtype(name): name for name in _NUMPY_NAMES}


class Malformed(ValueError):
    """A frame or a tree that no honest peer sends."""


class TooLarge(ValueError):
    """A value that does not fit the limit on bytes of one message."""


@dataclass(frozen=True)
class Opaque:
    """A value that the wire does not carry: only what it was is told."""

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({self.detail})" if self.detail else self.kind


@dataclass(frozen=True)
class Handle:
    """A torch module that stays in the student's process."""

    number: int
    kind: str
    training: bool
    parameters: dict[str, Any]
    modules: dict[str, str]


@functools.lru_cache(maxsize=64)
def _torch_name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def torch_module() -> Any:
    """The torch module if something has imported it, else None: the wire never imports it by itself."""
    return sys.modules.get("torch")


def _strides_to_keep(shape: tuple[int, ...], strides: tuple[int, ...]) -> tuple[list[int], int, int] | None:
    """Strides, offset and span (in elements) to rebuild a non-contiguous layout, or None where it is not worth it."""
    low = sum((n - 1) * s for n, s in zip(shape, strides, strict=True) if s < 0)
    high = sum((n - 1) * s for n, s in zip(shape, strides, strict=True) if s > 0)
    span = high - low + 1
    return (list(strides), -low, span) if span <= MAX_SPAN else None


class Encoder:
    """Turns values into a JSON tree, collecting their arrays.

    Parameters:
        limit: the most bytes of arrays that may be collected; `TooLarge` beyond.
        module: called with an `nn.Module`, gives the handle's tree; modules are opaque where it is None.
    """

    def __init__(self, limit: int, module: Callable[[Any], dict[str, Any]] | None = None) -> None:
        self.limit = limit
        self.module = module
        self.used = 0
        self.nodes = 0
        self.buffers: list[bytes] = []
        self.differentiable: list[Any] = []

    def tree(self, value: Any, depth: int = 0) -> Any:
        """The JSON tree of a value.

        None, True, False, text, floats and small ints are themselves; `{"i"}` a large int, `{"b"}` bytes, `{"l"}` list,
        `{"t"}` tuple, `{"d"}` dict as pairs, `{"n"}` ndarray, `{"s"}` numpy scalar and `{"T"}` tensor as [dtype, shape, offset],
        `{"h"}` module handle, `{"D"}` torch dtype, `{"o"}` anything else.
        """
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} values")
        if depth > MAX_DEPTH:
            return {"o": type(value).__name__, "r": f"nested deeper than {MAX_DEPTH}"}
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is np.ndarray:
            return self._array(value)
        mro = kind.__mro__
        if np.generic in mro:
            return self._numpy_scalar(value)
        if int in mro:
            return self._int(int.__index__(value))
        if float in mro:
            return float.__float__(value)
        if str in mro:
            return self._text(str.__str__(value))
        if bytes in mro:
            return {"b": base64.b64encode(bytes.__getitem__(value, slice(None))).decode("ascii")}
        if list in mro:
            return {"l": [self.tree(item, depth + 1) for item in list.__iter__(value)]}
        if tuple in mro:
            return {"t": [self.tree(item, depth + 1) for item in tuple.__iter__(value)]}
        if dict in mro:
            pairs = [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in dict.items(value)]
            return {"d": pairs}
        if np.ndarray in mro:
            return self._array(np.ndarray.view(value, np.ndarray))
        return self._torch(value, mro, depth)

    def _torch(self, value: Any, mro: tuple[type, ...], depth: int) -> Any:
        if type(value) is Handle:
            return {"h": value.number}
        torch = torch_module()
        if torch is not None:
            if torch.Tensor in mro:
                return self._tensor(torch, value)
            if torch.nn.Module in mro and self.module is not None:
                return self.module(value)
            if torch.dtype in mro:
                return {"D": str(value)}
        return {"o": type(value).__name__}

    def _int(self, value: int) -> Any:
        if -(1 << 53) < value < 1 << 53:
            return value
        if value.bit_length() > MAX_INT_BITS:
            return {"o": "int", "r": f"{value.bit_length()} bits"}
        return {"i": hex(value)}

    def _text(self, value: str) -> Any:
        return value if len(value) <= MAX_TEXT else {"o": "str", "r": f"{len(value)} characters"}

    def _numpy_scalar(self, value: Any) -> Any:
        if np.longdouble in type(value).__mro__:
            value = np.float64(value)
        if value.dtype.name not in _NUMPY_NAMES:
            return {"o": f"numpy.{value.dtype.name}"}
        return {"s": self._store(value.dtype.name, (), 1, value.dtype.itemsize, value.tobytes)}

    def _array(self, value: np.ndarray[Any, Any]) -> Any:
        if value.dtype == np.longdouble:
            value = value.astype(np.float64)
        name = _NAME_OF_DTYPE.get(value.dtype) or value.dtype.name
        if name not in _NUMPY_NAMES:
            return {"o": "ndarray", "r": f"dtype {value.dtype}"[:200]}
        if not value.dtype.isnative:
            value = value.astype(value.dtype.newbyteorder("="))
        key = self._store(name, value.shape, value.size, value.itemsize, value.tobytes)
        if value.flags.c_contiguous or value.itemsize == 0:
            return {"n": key}
        if any(stride % value.itemsize for stride in value.strides):
            return {"n": key}
        strides = tuple(stride // value.itemsize for stride in value.strides)
        layout = _strides_to_keep(value.shape, strides)
        return {"n": key, "y": layout} if layout else {"n": key}

    def _tensor(self, torch: Any, value: Any) -> Any:
        with torch._C.DisableTorchFunctionSubclass():
            plain = value.detach() if type(value) is torch.Tensor else value.as_subclass(torch.Tensor).detach()
            differentiable = bool(torch.Tensor.requires_grad.__get__(value))
            name = _torch_name(plain.dtype)
            if plain.device.type != "cpu" or plain.layout is not torch.strided or plain.is_quantized:
                return {"o": "Tensor", "r": f"{plain.layout}, {plain.device.type}"}
            if name not in _TORCH_NAMES:
                return {"o": "Tensor", "r": f"dtype {name}"}
            shape = tuple(plain.shape)
            key = self._store(name, shape, plain.numel(), plain.element_size(), lambda: tensor_bytes(torch, plain))
            tree: dict[str, Any] = {"T": key}
            if differentiable:
                tree["g"] = len(self.differentiable)
                self.differentiable.append(value)
            if not plain.is_contiguous() and plain.numel():
                layout = _strides_to_keep(shape, tuple(plain.stride()))
                if layout:
                    tree["y"] = layout
            return tree

    def _store(
        self, name: str, shape: tuple[int, ...], size: int, itemsize: int, data: Callable[[], bytes]
    ) -> list[Any]:
        offset = self.used
        self.used += size * itemsize
        if self.used > self.limit:
            raise TooLarge(f"{self.used:,} bytes in arrays, the limit is {self.limit:,}")
        self.buffers.append(data())
        return [name, list(shape), offset]


def tensor_bytes(torch: Any, plain: Any) -> bytes:
    """The values of a detached tensor in the order of its indices."""
    plain = plain.resolve_conj().resolve_neg()
    if _torch_name(plain.dtype) in _NUMPY_NAMES:
        return bytes(plain.numpy().tobytes())
    # NumPy knows no bfloat16. A fresh copy, because a view as bytes wants the plainest strides.
    flat = torch.empty(plain.numel(), dtype=plain.dtype).copy_(plain.reshape(-1))
    return bytes(flat.view(torch.uint8).numpy()) if plain.numel() else b""


class Decoder:
    """Rebuilds values from a tree; every type it makes is a plain one.

    Parameters:
        arrays: the bytes of all arrays, as `unpack` gives them.
        handle: gives what stands for a module on this side.
        layouts: rebuild non-contiguous arrays as they were sent.
    """

    def __init__(
        self,
        arrays: bytes | memoryview,
        handle: Callable[[Handle], Any] | None = None,
        layouts: bool = False,
    ) -> None:
        self.arrays = memoryview(arrays)
        self.handle = handle
        self.layouts = layouts
        self.differentiable: dict[int, Any] = {}
        self.nodes = 0

    def value(self, tree: Any) -> Any:
        """The value of a tree; `Malformed` where it is none."""
        try:
            return self._value(tree, 0)
        except (ValueError, TypeError, AttributeError, RuntimeError, OverflowError, MemoryError) as error:
            # What numpy, torch or base64 say to impossible sizes and texts.
            if isinstance(error, Malformed):
                raise
            raise Malformed(f"a value that cannot be: {type(error).__name__}") from None

    def _value(self, tree: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Malformed("a tree of too many values")
        if depth > MAX_DEPTH + 2:
            raise Malformed("a tree that is too deep")
        if tree is None or isinstance(tree, (bool, int, float, str)):
            return tree
        if not isinstance(tree, dict) or not tree:
            raise Malformed("a tree of unknown form")
        kind = next(iter(tree))
        payload = tree[kind]
        if kind in ("l", "t", "d"):
            return self._collection(kind, payload, depth)
        if kind in ("n", "s", "T"):
            return self._array(kind, payload, tree)
        return self._other(kind, payload, tree)

    def _collection(self, kind: str, payload: Any, depth: int) -> Any:
        if not isinstance(payload, list):
            raise Malformed("a collection that is no list")
        if kind == "d":
            return dict(self._pairs(payload, depth))
        items = [self._value(item, depth + 1) for item in payload]
        return items if kind == "l" else tuple(items)

    def _pairs(self, payload: list[Any], depth: int) -> Iterator[tuple[Any, Any]]:
        for pair in payload:
            if not isinstance(pair, list) or len(pair) != 2:
                raise Malformed("a dict that holds no pairs")
            key = self._value(pair[0], depth + 1)
            if not isinstance(key, (str, int, float, bool, bytes, type(None))):
                key = f"<{type(key).__name__}>"
            yield key, self._value(pair[1], depth + 1)

    def _other(self, kind: str, payload: Any, tree: dict[str, Any]) -> Any:
        if kind == "i":
            return int(_text(payload)[: MAX_INT_BITS], 16)
        if kind == "b":
            return base64.b64decode(_text(payload), validate=True)
        if kind == "h" and self.handle is not None:
            return self.handle(self._module(payload, tree))
        if kind == "D" and (torch := torch_module()) is not None:
            name = _text(payload).removeprefix("torch.")
            return getattr(torch, name) if name in _TORCH_NAMES else Opaque("dtype")
        if kind == "o":
            return Opaque(_text(payload)[:200], _text(tree.get("r", ""))[:200])
        if kind in ("h", "D"):
            return Opaque("module" if kind == "h" else "dtype")
        raise Malformed("a tree of unknown kind")

    def _module(self, number: Any, tree: dict[str, Any]) -> Handle:
        trees, modules = tree.get("parameters", {}), tree.get("modules", {})
        if not isinstance(number, int) or not isinstance(trees, dict) or not isinstance(modules, dict):
            raise Malformed("a module of unknown form")
        parameters = {}
        for name, parameter in trees.items():
            parameters[name] = self._value(parameter, 1)
            if not hasattr(parameters[name], "shape") and not isinstance(parameters[name], Opaque):
                raise Malformed("a parameter that is no tensor")
            if parameter.get("r") is True and hasattr(parameters[name], "requires_grad_"):
                parameters[name].requires_grad_()
        kind, training = _text(tree.get("kind", "")), tree.get("training") is True
        return Handle(number, kind, training, parameters, {name: _text(kind) for name, kind in modules.items()})

    def _stored(self, payload: Any) -> tuple[str, tuple[int, ...], memoryview]:
        if not isinstance(payload, list) or len(payload) != 3:
            raise Malformed("an array without dtype, shape and place")
        name, shape, offset = payload
        if not isinstance(name, str) or name not in _ITEM_SIZES or not isinstance(shape, list):
            raise Malformed("an array of unknown dtype or shape")
        if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in [*shape, offset]):
            raise Malformed("an array of impossible shape")
        end = offset + math.prod(shape) * _ITEM_SIZES[name]
        if end > len(self.arrays):
            raise Malformed("an array that was not sent")
        return name, tuple(shape), self.arrays[offset:end]

    def _array(self, kind: str, payload: Any, tree: dict[str, Any]) -> Any:
        name, shape, data = self._stored(payload)
        if kind == "T":
            return self._tensor(name, shape, data, tree)
        if name not in _NUMPY_NAMES:
            raise Malformed(f"an ndarray of {name}")
        array = np.frombuffer(bytearray(data), dtype=name).reshape(shape)
        if kind == "s":
            return array.reshape(-1)[0] if array.size == 1 else Opaque("numpy scalar")
        if self.layouts and tree.get("y") is not None:
            strides, offset, span = tree["y"]
            base: np.ndarray[Any, Any] = np.zeros(span, dtype=name)
            placed = np.lib.stride_tricks.as_strided(
                base[offset:], shape, tuple(stride * array.itemsize for stride in strides)
            )
            placed[...] = array
            return placed
        return array

    def _tensor(self, name: str, shape: tuple[int, ...], data: memoryview, tree: dict[str, Any]) -> Any:
        torch = torch_module()
        if torch is None:
            return Opaque("Tensor", f"{name} {shape}")
        dtype = getattr(torch, name, None)
        if dtype is None:
            raise Malformed(f"a tensor of {name}")
        tensor = torch.frombuffer(bytearray(data), dtype=torch.uint8).view(dtype) if data else torch.empty(0, dtype=dtype)
        tensor = tensor.reshape(shape)
        if self.layouts and tree.get("y") is not None:
            strides, offset, span = tree["y"]
            base = torch.zeros(span, dtype=dtype)
            # A broadcast dimension lies on one place in memory, so only its first element is written.
            sizes = [1 if stride == 0 else n for n, stride in zip(shape, strides, strict=True)]
            base.as_strided(sizes, strides, offset).copy_(tensor[tuple(slice(n) for n in sizes)])
            tensor = base.as_strided(shape, strides, offset)
        if "g" in tree:
            number = tree["g"]
            if not isinstance(number, int) or not (tensor.is_floating_point()):
                raise Malformed("a gradient of what has none")
            self.differentiable[number] = tensor
        return tensor


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("no text where text belongs")
    return value
