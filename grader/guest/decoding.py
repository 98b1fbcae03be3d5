"""Rebuilds values from JSON trees and bytes, as plain types only."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .wire import (
    DTYPES,
    ITEM_SIZES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INT_BITS,
    MAX_NODES,
    NUMPY_NAMES,
    TORCH_NAMES,
    Handle,
    Malformed,
    Opaque,
    torch_module,
)

_PLAIN = frozenset({bool, int, float, str})


class Decoder:
    """Rebuilds values from a tree; every type it makes is a plain one.

    Parameters:
        arrays: the bytes of all arrays, as `unpack` gives them.
        handle: gives what stands for a module on this side.
        layouts: rebuild non-contiguous arrays as they were sent.

    Attributes:
        differentiable: tensors that ask for a gradient, by number.
        received: shape, dtype and bytes of each array as it came, by identity; only where layouts are rebuilt.
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
        self.received: dict[int, tuple[Any, Any, bytes]] = {}
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
        if type(tree) is not dict:
            if tree is None or type(tree) in _PLAIN:
                return tree
            raise Malformed("a tree of unknown form")
        if not tree:
            raise Malformed("a tree of unknown form")
        kind = next(iter(tree))
        payload = tree[kind]
        if kind in ("n", "s", "T"):
            return self._array(kind, payload, tree)
        if kind in ("l", "t", "d"):
            return self._collection(kind, payload, depth)
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
            return getattr(torch, name) if name in TORCH_NAMES else Opaque("dtype")
        if kind == "o":
            return Opaque(_text(payload)[:200], _text(tree.get("r", ""))[:200])
        if kind in ("h", "D"):
            return Opaque("module" if kind == "h" else "dtype")
        raise Malformed("a tree of unknown kind")

    def _module(self, number: Any, tree: dict[str, Any]) -> Handle:
        trees, modules = tree.get("parameters", {}), tree.get("modules", {})
        if not isinstance(number, int) or not isinstance(trees, dict) or not isinstance(modules, dict):
            raise Malformed("a module of unknown form")
        self.nodes += len(modules)  # the trees count themselves
        if self.nodes > MAX_NODES:
            raise Malformed("a module of too many modules")
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
        if type(payload) is not list or len(payload) != 3:
            raise Malformed("an array without dtype, shape and place")
        name, shape, offset = payload
        size = ITEM_SIZES.get(name) if type(name) is str else None
        if size is None or type(shape) is not list:
            raise Malformed("an array of unknown dtype or shape")
        if len(shape) > MAX_DIMENSIONS or type(offset) is not int or offset < 0:
            raise Malformed("an array of impossible shape")
        for n in shape:
            if type(n) is not int or n < 0:
                raise Malformed("an array of impossible shape")
            size *= n
        if offset + size > len(self.arrays):
            raise Malformed("an array that was not sent")
        return name, tuple(shape), self.arrays[offset : offset + size]

    def _array(self, kind: str, payload: Any, tree: dict[str, Any]) -> Any:
        name, shape, data = self._stored(payload)
        if kind == "T":
            value = self._tensor(name, shape, data, tree)
        elif name not in NUMPY_NAMES:
            raise Malformed(f"an ndarray of {name}")
        elif kind == "s":
            array = _ndarray(name, shape, data)
            return array.reshape(-1)[0] if array.size == 1 else Opaque("numpy scalar")
        else:
            value = self._placed(name, _ndarray(name, shape, data), tree)
        if self.layouts:
            self.received[id(value)] = value.shape, value.dtype, bytes(data)
        return value

    def _placed(self, name: str, array: np.ndarray[Any, Any], tree: dict[str, Any]) -> np.ndarray[Any, Any]:
        """The array in the layout it was sent in."""
        if self.layouts and tree.get("y") is not None:
            strides, offset, span = tree["y"]
            base: np.ndarray[Any, Any] = np.zeros(span, dtype=name)
            placed = np.lib.stride_tricks.as_strided(
                base[offset:], array.shape, tuple(stride * array.itemsize for stride in strides)
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
        if name in NUMPY_NAMES:
            # Half the time of the same steps in torch.
            tensor = torch.from_numpy(_ndarray(name, shape, data))
        else:
            flat = torch.frombuffer(bytearray(data), dtype=dtype) if data else torch.empty(0, dtype=dtype)
            tensor = flat.reshape(shape)
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


def _ndarray(name: str, shape: tuple[int, ...], data: memoryview) -> np.ndarray[Any, Any]:
    array = np.frombuffer(bytearray(data), DTYPES[name])
    if name == "bool":
        array = array.view(np.uint8) != 0
    return array if len(shape) == 1 else array.reshape(shape)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("no text where text belongs")
    return value
