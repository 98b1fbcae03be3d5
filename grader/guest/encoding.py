"""Turns values into JSON trees and bytes; nothing a value's class says about itself is asked."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np

from .wire import (
    MAX_DEPTH,
    MAX_INT_BITS,
    MAX_NODES,
    MAX_SPAN,
    MAX_TEXT,
    NAME_OF_DTYPE,
    NUMPY_NAMES,
    TORCH_NAMES,
    TooLarge,
    torch_module,
    torch_name,
)


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
        stand_in: called with what the wire does not know, gives the number of the module it stands for, or None.
    """

    def __init__(
        self,
        limit: int,
        module: Callable[[Any], dict[str, Any]] | None = None,
        stand_in: Callable[[Any], int | None] | None = None,
    ) -> None:
        self.limit = limit
        self.module = module
        self.stand_in = stand_in
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
        if kind is int:
            return self._int(value)
        if kind is str:
            return self._text(value)
        if kind is list:
            return {"l": [self.tree(item, depth + 1) for item in value]}
        if kind is tuple:
            return {"t": [self.tree(item, depth + 1) for item in value]}
        torch = torch_module()
        if torch is not None and kind is torch.Tensor:
            differentiable = value.requires_grad
            return self._plain_tensor(torch, value, value.detach() if differentiable else value, differentiable)
        return self._by_ancestry(value, kind.__mro__, depth)

    def _by_ancestry(self, value: Any, mro: tuple[type, ...], depth: int) -> Any:
        if list in mro:
            return {"l": [self.tree(item, depth + 1) for item in list.__iter__(value)]}
        if tuple in mro:
            return {"t": [self.tree(item, depth + 1) for item in tuple.__iter__(value)]}
        if dict in mro:
            pairs = [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in dict.items(value)]
            return {"d": pairs}
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
        if np.ndarray in mro:
            return self._array(np.ndarray.view(value, np.ndarray))
        return self._torch(value, mro, depth)

    def _torch(self, value: Any, mro: tuple[type, ...], depth: int) -> Any:
        number = self.stand_in(value) if self.stand_in is not None else None
        if number is not None:
            return {"h": number}
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
        if value.dtype.name not in NUMPY_NAMES:
            return {"o": f"numpy.{value.dtype.name}"}
        return {"s": self._store(value.dtype.name, (), value.dtype.itemsize, value.tobytes)}

    def _array(self, value: np.ndarray[Any, Any]) -> Any:
        name = NAME_OF_DTYPE.get(value.dtype)
        if name is None:
            if value.dtype == np.longdouble:
                return self._array(value.astype(np.float64))
            if value.dtype.name not in NUMPY_NAMES:
                return {"o": "ndarray", "r": f"dtype {value.dtype}"[:200]}
            return self._array(value.astype(value.dtype.newbyteorder("=")))
        key = self._store(name, value.shape, value.nbytes, value.tobytes)
        if value.flags.c_contiguous or any(stride % value.itemsize for stride in value.strides):
            return {"n": key}
        strides = tuple(stride // value.itemsize for stride in value.strides)
        layout = _strides_to_keep(value.shape, strides)
        return {"n": key, "y": layout} if layout else {"n": key}

    def _tensor(self, torch: Any, value: Any) -> Any:
        with torch._C.DisableTorchFunctionSubclass():
            differentiable = bool(torch.Tensor.requires_grad.__get__(value))
            return self._plain_tensor(torch, value, value.as_subclass(torch.Tensor).detach(), differentiable)

    def _plain_tensor(self, torch: Any, value: Any, plain: Any, differentiable: bool) -> Any:
        array = _as_numpy(plain)
        if array is not None and array.dtype in NAME_OF_DTYPE:
            key = self._store(NAME_OF_DTYPE[array.dtype], array.shape, array.nbytes, array.tobytes)
        elif not plain.is_cpu or plain.layout is not torch.strided or plain.is_quantized:
            return {"o": "Tensor", "r": f"{plain.layout}, {plain.device.type}"}
        elif (name := torch_name(plain.dtype)) in TORCH_NAMES:
            key = self._store(name, tuple(plain.shape), plain.nbytes, lambda: tensor_bytes(torch, plain))
        else:
            return {"o": "Tensor", "r": f"dtype {name}"}
        tree: dict[str, Any] = {"T": key}
        if differentiable:
            tree["g"] = len(self.differentiable)
            self.differentiable.append(value)
        if not plain.is_contiguous() and plain.numel():
            layout = _strides_to_keep(tuple(plain.shape), tuple(plain.stride()))
            if layout:
                tree["y"] = layout
        return tree

    def _store(self, name: str, shape: tuple[int, ...], size: int, data: Callable[[], bytes]) -> list[Any]:
        offset = self.used
        self.used += size
        if self.used > self.limit:
            raise TooLarge(f"{self.used:,} bytes in arrays, the limit is {self.limit:,}")
        self.buffers.append(data())
        return [name, list(shape), offset]


def _as_numpy(plain: Any) -> Any:
    """A detached tensor as an ndarray over the same memory, or None where NumPy cannot hold it as it is."""
    try:
        return plain.numpy()
    except (TypeError, RuntimeError):
        return None


def tensor_bytes(torch: Any, plain: Any) -> bytes:
    """The values of a detached tensor in the order of its indices."""
    array = _as_numpy(plain)
    if array is not None:
        return bytes(array.tobytes())
    plain = plain.resolve_conj().resolve_neg()
    if torch_name(plain.dtype) in NUMPY_NAMES:
        return bytes(plain.numpy().tobytes())
    # NumPy knows no bfloat16. A fresh copy, because a view as bytes wants the plainest strides.
    flat = torch.empty(plain.numel(), dtype=plain.dtype).copy_(plain.reshape(-1))
    return bytes(flat.view(torch.uint8).numpy()) if plain.numel() else b""
