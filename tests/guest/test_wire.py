"""The wire carries every plain value exactly, nothing else, and no frame or tree makes it stumble."""

import gc
import json
import math
import time
import tracemalloc
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.guest.decoding import Decoder
from grader.guest.encoding import Encoder
from grader.guest.frames import HEAD, MAGIC, lengths, pack, unpack
from grader.guest.wire import MAX_DEPTH, MAX_NODES, Handle, Malformed, Opaque, TooLarge

ROOM = 1 << 24
NUMPY_DTYPES = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
]  # fmt: skip
TORCH_DTYPES = [*NUMPY_DTYPES, "bfloat16", "float8_e4m3fn", "float8_e5m2"]
SHAPES = [(), (1,), (0,), (3, 0, 2), (2, 3), (2, 1, 4)]

SOURCE_OF_BYTES = np.random.default_rng(5)


def travel(value: Any, layouts: bool = False, limit: int = ROOM, **options: Any) -> Any:
    """A value after one journey through a whole frame."""
    encoder = Encoder(limit, **options)
    frame = pack({"value": encoder.tree(value)}, encoder.buffers)
    text, arrays = lengths(frame[: HEAD.size], 1 << 30)
    body = memoryview(frame)[HEAD.size :]
    assert len(body) == text + arrays
    return Decoder(body[text:], layouts=layouts).value(unpack(body[:text])["value"])


def raw(value: np.ndarray) -> bytes:
    return value.tobytes()


def same_tensor(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Bit for bit, NaN included."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    left, right = (x.detach().contiguous().reshape(-1).view(torch.uint8) if x.numel() else x for x in (one, other))
    return bool(torch.equal(left, right))


# -- numbers, text and collections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, -1, 1, 2**53, -(2**53), 2**53 - 1, 2**63, -(2**64), 10**400, -(10**400), (1 << 8192) - 1,
        0.0, -0.0, 0.1, 5e-324, 1.7976931348623157e308, math.inf, -math.inf,
        "", "text", "\0", "кириллица हिन्दी 🐦", "\ud800", "a\udfffb\ud83d", '"\\\n\u2028', "x" * 200_000,
        b"", b"\x00\xff" * 9,
        [], (), {}, [[]], ([],), [(), [], {}], (1, "a", None), [1, [2, (3, {"k": [4.5]})]],
        {"a": 1, "b": (2, [3])}, {1: "int", "1": "text", None: 0, 2.5: 1, b"k": 2}, {True: "yes"}, {"d": 1}, {"l": [1], "o": 2},
    ],
    ids=lambda value: repr(value)[:30].encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    back = travel(value)
    assert repr(back) == repr(value)
    assert type(back) is type(value)


def test_nan_comes_back() -> None:
    back = travel([math.nan, {"x": -math.nan}])
    assert math.isnan(back[0])
    assert math.isnan(back[1]["x"])


@pytest.mark.parametrize("dtype", NUMPY_DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_arrays_of_every_dtype_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    value = SOURCE_OF_BYTES.integers(0, 2, shape).astype(dtype)
    if value.dtype.kind == "f" and value.size > 1:
        value.flat[0], value.flat[1] = np.nan, -np.inf
    back = travel(value)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (value.dtype, value.shape)
    assert raw(back) == raw(value)
    assert back.flags.writeable


@pytest.mark.parametrize("dtype", [name for name in NUMPY_DTYPES if name != "bool"])
def test_arrays_at_the_ends_of_their_dtype(dtype: str) -> None:
    facts: Any = np.finfo(dtype) if dtype.startswith("float") else np.iinfo(dtype)
    value = np.array([facts.min, facts.max], dtype)
    assert raw(travel(value)) == raw(value)


@pytest.mark.parametrize("dtype", NUMPY_DTYPES)
def test_numpy_scalars(dtype: str) -> None:
    value = np.dtype(dtype).type(1)
    back = travel(value)
    assert type(back) is type(value)
    assert back == value


@pytest.mark.parametrize("dtype", TORCH_DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_tensors_of_every_dtype_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    value = torch.from_numpy(np.array(SOURCE_OF_BYTES.integers(0, 2, shape))).to(getattr(torch, dtype))
    back = travel(value)
    assert type(back) is torch.Tensor
    assert same_tensor(back, value)
    assert not back.requires_grad


def test_tensors_that_are_not_finite() -> None:
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        value = torch.tensor([math.nan, math.inf, -math.inf, -0.0], dtype=dtype)
        assert same_tensor(travel(value), value)


def test_dtypes_of_torch() -> None:
    assert travel([torch.float16, torch.bool]) == [torch.float16, torch.bool]


def test_long_doubles_and_foreign_byte_order_become_native() -> None:
    values = np.array([1.5, -2.25, 1e300])
    for odd in (values.astype(np.longdouble), values.astype(">f8")):
        back = travel(odd)
        assert back.dtype == np.dtype("float64")
        assert back.dtype.isnative
        assert np.array_equal(back, values)
    assert type(travel(np.longdouble(2.5))) is np.float64


# -- layouts -------------------------------------------------------------------------------------------------------------------


def array_views() -> Iterator[tuple[str, np.ndarray]]:
    base = np.arange(60, dtype=np.float64).reshape(3, 4, 5)
    yield "negative step", base[::-1]
    yield "both", base[::-1, ::2, ::-2]
    yield "transpose", base.T
    yield "inner slice", base[:, 1:3, 2:4]
    yield "broadcast", np.broadcast_to(base[0], (6, 4, 5))
    yield "windows", np.lib.stride_tricks.sliding_window_view(np.arange(9.0), 3)
    yield "one element reversed", np.arange(4.0)[2:3][::-1]
    yield "half of a record", np.zeros(4, [("a", "f8"), ("b", "i2")])["a"]
    yield "fortran", np.asfortranarray(base)


@pytest.mark.parametrize(("name", "value"), list(array_views()), ids=lambda x: x if isinstance(x, str) else "")
def test_views_of_arrays(name: str, value: np.ndarray) -> None:
    plain, placed = travel(value), travel(value, layouts=True)
    assert np.array_equal(plain, value)
    assert plain.flags.c_contiguous
    assert np.array_equal(placed, value)
    if name not in ("half of a record", "one element reversed"):  # on no grid of whole elements; contiguous anyway
        assert placed.strides == value.strides


def tensor_views() -> Iterator[tuple[str, torch.Tensor]]:
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
    yield "transpose", base.transpose(0, 2)
    yield "inner slice", base[:, 1:3, ::2]
    yield "expanded", base[0].expand(6, 4, 5)
    yield "unfolded", torch.arange(9.0).unfold(0, 3, 1)
    yield "as_strided", base.as_strided((2, 3), (7, 0), 4)
    yield "bfloat16", base.to(torch.bfloat16).mT
    yield "lazy sign", torch.tensor([1 + 2j, 3 - 4j]).conj().imag


@pytest.mark.parametrize(("name", "value"), list(tensor_views()), ids=lambda x: x if isinstance(x, str) else "")
def test_views_of_tensors(name: str, value: torch.Tensor) -> None:
    plain, placed = travel(value), travel(value, layouts=True)
    assert torch.equal(plain, value)
    assert plain.is_contiguous()
    assert torch.equal(placed, value)
    assert placed.stride() == value.stride()


def test_a_very_wide_layout_is_let_go_and_the_values_kept() -> None:
    apart = np.lib.stride_tricks.as_strided(np.zeros(1), (1,), (8,))
    wide = torch.zeros(1).as_strided((2, 1), (0, 1))
    assert travel(apart, layouts=True).shape == (1,)
    assert travel(wide, layouts=True).shape == (2, 1)
    far = np.zeros((1 << 26) + 9, np.int8)[:: (1 << 26) + 8]
    back = travel(far, layouts=True)
    assert back.shape == (2,)
    assert back.flags.c_contiguous


def test_leaves_are_told_apart_from_what_is_detached() -> None:
    leaf, plain = torch.ones(2, requires_grad=True), torch.ones(2)
    encoder = Encoder(ROOM)
    tree = encoder.tree([plain, leaf, leaf * 2])
    decoder = Decoder(b"".join(encoder.buffers))
    values = decoder.value(tree)
    assert [id(v) for v in decoder.differentiable.values()] == [id(values[1]), id(values[2])]
    assert encoder.differentiable[0] is leaf


# -- what does not travel ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1j, "complex"),
        (np.complex128(1j), "numpy.complex128"),
        (np.datetime64("2020-01-01"), "numpy.datetime64[D]"),
        (np.array([1j]), "ndarray"),
        (np.array([object()]), "ndarray"),
        (np.array([None, 1], dtype=object), "ndarray"),
        (np.array(["text"]), "ndarray"),
        (np.zeros(2, [("a", "f8")]), "ndarray"),
        (torch.tensor([1j]), "Tensor"),
        (torch.eye(2).to_sparse(), "Tensor"),
        (torch.ones(2, device="meta"), "Tensor"),
        ((x for x in "ab"), "generator"),
        ({1, 2}, "set"),
        (range(3), "range"),
        (print, "builtin_function_or_method"),
        (len, "builtin_function_or_method"),
        (object, "type"),
        (object(), "object"),
        (Ellipsis, "ellipsis"),
        (torch.nn.Linear(1, 1), "Linear"),
        (1 << 8192, "int"),
        ("x" * 200_001, "str"),
        (bytearray(b"x"), "bytearray"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "",
)
def test_everything_else_is_opaque(value: Any, kind: str) -> None:
    back = travel(value)
    assert type(back) is Opaque
    assert back.kind == kind


def test_keys_that_are_no_plain_values_are_named() -> None:
    back = travel({(1, 2): "pair", 3: "int", np.int64(4): "numpy"})
    assert back == {"<tuple>": "pair", 3: "int", "<int64>": "numpy"}


def test_deep_nesting_ends_in_an_opaque_value() -> None:
    value: Any = 7
    for _ in range(5_000):
        value = [value]
    back, depth = travel(value), 0
    while type(back) is list:
        back, depth = back[0], depth + 1
    assert depth == MAX_DEPTH + 1
    assert type(back) is Opaque


def test_what_contains_itself_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert type(travel(loop)) is list
    loop.append(loop)
    with pytest.raises(TooLarge):
        travel(loop)


def test_too_many_values() -> None:
    assert len(travel([0] * (MAX_NODES - 1))) == MAX_NODES - 1
    with pytest.raises(TooLarge):
        travel([0] * MAX_NODES)


# -- hostile subclasses --------------------------------------------------------------------------------------------------------


def _hostile(*_args: object, **_kwargs: object) -> Any:
    raise AssertionError("a method of the student was called")


_METHODS = [
    "__index__", "__int__", "__float__", "__str__", "__repr__", "__eq__", "__ne__", "__lt__", "__gt__", "__le__", "__ge__",
    "__len__", "__iter__", "__getitem__", "__bool__", "__contains__", "__reduce__", "__reduce_ex__", "__hash__", "__neg__",
    "__array__", "__array_ufunc__", "__array_function__", "__array_interface__", "items", "keys", "values", "encode",
    "bit_length", "tobytes", "astype", "__getstate__", "__format__", "__bytes__", "__and__", "__rshift__", "__mul__", "__add__",
]  # fmt: skip


def hostile(base: type) -> Any:
    """A subclass whose every method complains."""
    return type("Hostile", (base,), dict.fromkeys(_METHODS, _hostile))


@pytest.mark.parametrize(
    ("base", "value"),
    [
        (int, 5), (int, 1 << 70), (float, 2.5), (str, "text"), (bytes, b"raw"),
        (list, [1, "a"]), (tuple, (1, 2.5)), (dict, {"a": 1, 2: [3]}),
    ],
    ids=str,
)  # fmt: skip
def test_subclasses_arrive_as_what_they_are_built_on(base: type, value: Any) -> None:
    back = travel(hostile(base)(value))
    assert type(back) is base
    assert back == value


def test_array_subclasses_arrive_as_arrays() -> None:
    value = np.arange(6.0).reshape(2, 3)
    back = travel(value.view(hostile(np.ndarray)))
    assert type(back) is np.ndarray
    assert np.array_equal(back, value)
    assert type(travel(np.ma.masked_array([1.0, 2.0], [True, False]))) is np.ndarray


def test_tensor_subclasses_arrive_as_tensors() -> None:
    class Sly(torch.Tensor):
        @classmethod
        def __torch_function__(cls, *_args: object, **_kwargs: object) -> Any:
            raise AssertionError("a method of the student was called")

    value = torch.arange(6.0).reshape(2, 3).mT
    back = travel(value.as_subclass(Sly))
    assert type(back) is torch.Tensor
    assert torch.equal(back, value)
    assert type(travel(torch.nn.Parameter(value))) is torch.Tensor


def test_lies_about_shape_and_dtype_are_not_believed() -> None:
    class Liar(np.ndarray):
        shape = property(lambda self: (99,))
        dtype = property(lambda self: np.dtype("int8"))
        size = property(lambda self: 1)

    back = travel(np.arange(3.0).view(Liar))
    assert back.shape == (3,)
    assert back.dtype == np.float64


def test_kin_of_plain_types() -> None:
    class Level(IntEnum):
        high = 3

    pair = namedtuple("pair", "a b")
    back = travel([Level.high, pair(1, 2), OrderedDict(a=1)])
    assert [type(item) for item in back] == [int, tuple, dict]
    assert back == [3, (1, 2), {"a": 1}]


def test_a_class_that_only_says_it_is_an_array_is_opaque() -> None:
    class Pretender:
        __class__ = np.ndarray  # type: ignore[assignment]
        shape, dtype = (2,), np.dtype("float64")

    assert type(travel(Pretender())) is Opaque


def test_modules_go_by_handle() -> None:
    module = torch.nn.Linear(2, 3)
    encoder = Encoder(ROOM, module=lambda value: {"h": 4, "kind": type(value).__name__, "training": True})
    seen = Decoder(b"", handle=lambda handle: handle).value(encoder.tree(module))
    assert seen == Handle(4, "Linear", True, {}, {})
    assert type(Decoder(b"").value({"h": 4})) is Opaque


# -- sizes ---------------------------------------------------------------------------------------------------------------------


def _peak(work: Callable[[], object]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "huge", [np.broadcast_to(1.0, (50_000, 50_000)), torch.ones(1).expand(100_000, 50_000)], ids=["numpy", "torch"]
)
def test_twenty_gigabytes_of_one_number_are_refused_before_they_exist(huge: Any) -> None:
    def refused() -> None:
        with pytest.raises(TooLarge, match="20,000,000,000"):
            Encoder(64 << 20).tree(huge)

    started = time.process_time()
    assert _peak(refused) < 10 << 20
    assert time.process_time() - started < 5


def test_arrays_are_counted_together() -> None:
    megabyte = np.zeros(1 << 20, np.uint8)
    assert len(travel([megabyte] * 3, limit=3 << 20)) == 3
    with pytest.raises(TooLarge):
        travel([megabyte] * 4, limit=3 << 20)


# -- broken frames and trees ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "error"),
    [
        (HEAD.pack(b"GRW2", 1, 1), Malformed),
        (b"\0" * HEAD.size, Malformed),
        (b"HTTP/1.1 200 OK\r"[: HEAD.size], Malformed),
        (HEAD.pack(MAGIC, 2**32 - 1, 2**64 - 1), TooLarge),
        (HEAD.pack(MAGIC, 1, 1_000), TooLarge),
    ],
)
def test_heads_that_no_peer_sends(head: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        lengths(head, 1_000)


def test_a_head_at_the_limit() -> None:
    assert lengths(HEAD.pack(MAGIC, 400, 600), 1_000) == (400, 600)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"nonsense", b"[]", b"1", b'"text"', b"null", b"\xff\xfe{}", b'{"a":\xff}', b"{} {}", b"[" * 200_000,
        b'{"a":' * 100_000, b'{"a":' + b"1" * 5_000 + b"}",
    ],
    ids=lambda text: repr(text)[:24],
)  # fmt: skip
def test_messages_that_cannot_be_read(text: bytes) -> None:
    with pytest.raises(Malformed):
        unpack(text)


_ARRAYS = bytes(64)

BROKEN = {
    "a list": [],
    "an empty object": {},
    "an unknown kind": {"z": 1},
    "a list of nothing": {"l": None},
    "a tuple of text": {"t": "abc"},
    "a dict of a dict": {"d": {}},
    "a dict without pairs": {"d": [[1]]},
    "a dict of three": {"d": [[1, 2, 3]]},
    "a dict of text": {"d": ["ab"]},
    "a bad item": {"l": [{"l": [{}]}]},
    "an int of int": {"i": 5},
    "an int of None": {"i": None},
    "bytes of int": {"b": 5},
    "an opaque of int": {"o": 5},
    "an opaque with a list": {"o": "x", "r": []},
    "a dtype of int": {"D": 5},
    "an array of None": {"n": None},
    "an array of two": {"n": ["float32", [1]]},
    "an array of an unknown dtype": {"n": ["object", [1], 0]},
    "an array of complex": {"n": ["complex64", [1], 0]},
    "an array of dtype 5": {"n": [5, [1], 0]},
    "an array of a dtype without name": {"n": [["float32"], [1], 0]},
    "an ndarray of bfloat16": {"n": ["bfloat16", [1], 0]},
    "a scalar of bfloat16": {"s": ["bfloat16", [], 0]},
    "an array beyond the end": {"n": ["float64", [9], 0]},
    "an array that begins beyond the end": {"n": ["uint8", [], 64]},
    "an array that begins before the start": {"n": ["uint8", [1], -1]},
    "a tensor that begins before the start": {"T": ["uint8", [1], -1]},
    "a negative shape": {"n": ["uint8", [-1], 0]},
    "a shape of floats": {"n": ["uint8", [1.0], 0]},
    "a shape of bools": {"n": ["uint8", [True], 0]},
    "a shape of text": {"n": ["uint8", "1", 0]},
    "an offset of text": {"n": ["uint8", [1], "0"]},
    "too many dimensions": {"n": ["uint8", [1] * 33, 0]},
    "a gigantic shape": {"T": ["uint8", [1 << 62, 1 << 62], 0]},
    "a gradient of integers": {"T": ["int64", [1], 0], "g": 0},
    "a gradient numbered by text": {"T": ["float32", [1], 0], "g": "0"},
    "a module of text": {"h": "1"},
    "a module with a list": {"h": 1, "parameters": []},
    "a module of number kind": {"h": 1, "kind": 5},
    "a module with modules of numbers": {"h": 1, "modules": {"a": 5}},
    "a module of a broken parameter": {"h": 1, "parameters": {"w": {}}},
}

ESCAPES = {
    "an int that is no number": {"i": "zz"},
    "an int of nothing": {"i": ""},
    "bytes that are no base64": {"b": "*"},
    "bytes in another script": {"b": "é"},
    "an empty array of a gigantic shape": {"n": ["float32", [0, 1 << 62, 1 << 62], 0]},
    "an empty tensor of a gigantic shape": {"T": ["float32", [0, 1 << 70], 0]},
    "a parameter that is a number": {"h": 1, "parameters": {"w": 5}},
    "a trained parameter of integers": {"h": 1, "parameters": {"w": {"T": ["int64", [1], 0], "r": True}}},
}


def decode(tree: Any) -> Any:
    return Decoder(_ARRAYS, handle=lambda handle: handle).value(tree)


@pytest.mark.parametrize("tree", BROKEN.values(), ids=BROKEN.keys())
def test_trees_that_no_peer_sends(tree: Any) -> None:
    with pytest.raises(Malformed):
        decode(tree)


@pytest.mark.parametrize("tree", ESCAPES.values(), ids=ESCAPES.keys())
def test_trees_whose_error_is_another(tree: Any) -> None:
    with pytest.raises(Malformed):
        decode(tree)


def test_a_tree_deeper_than_any_encoder_makes() -> None:
    tree: Any = 1
    for _ in range(500):
        tree = {"l": [tree]}
    with pytest.raises(Malformed):
        decode(tree)


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
_SIZES = st.integers(-1, 3) | st.just(1 << 62) | _LEAVES
_STORED = st.tuples(
    st.sampled_from([*TORCH_DTYPES, "object", ""]), st.lists(_SIZES, max_size=3), st.integers(-1, 70) | _LEAVES
).map(list)


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Trees that are nearly right: the right key with a payload that may fit."""
    pairs = st.lists(st.lists(inner, max_size=3), max_size=3)
    texts = st.text("0123456789abcdefx*=é", max_size=5)
    return st.one_of(
        st.fixed_dictionaries({"l": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"t": st.lists(inner, max_size=3) | inner}),
        st.fixed_dictionaries({"d": pairs | inner}),
        st.fixed_dictionaries({"i": texts | inner}),
        st.fixed_dictionaries({"b": texts | inner}),
        st.fixed_dictionaries({"D": st.sampled_from(["torch.float32", "torch.nn", ""]) | inner}),
        st.fixed_dictionaries({"o": texts | inner}, optional={"r": texts | inner}),
        st.fixed_dictionaries({"n": _STORED | inner}, optional={"y": inner}),
        st.fixed_dictionaries({"s": _STORED | inner}),
        st.fixed_dictionaries({"T": _STORED | inner}, optional={"g": _LEAVES, "y": inner}),
        st.fixed_dictionaries(
            {"h": _LEAVES},
            optional={"parameters": st.dictionaries(texts, inner, max_size=2) | inner, "modules": inner, "kind": inner},
        ),
        st.dictionaries(texts, inner, max_size=2),
        st.lists(inner, max_size=2),
    )


_TREES = st.recursive(_LEAVES, _larger, max_leaves=8)
_QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)


@given(_TREES)
@settings(_QUIET, max_examples=600)
def test_random_trees_are_values_or_malformed(tree: Any) -> None:
    try:
        decode(json.loads(json.dumps(tree)))
    except Malformed:
        return


@given(st.binary(max_size=200))
@settings(_QUIET, max_examples=300)
def test_random_bytes_are_messages_or_malformed(data: bytes) -> None:
    for work in (lambda: unpack(data), lambda: lengths(data[: HEAD.size].ljust(HEAD.size, b"\0"), 1 << 20)):
        try:
            work()
        except (Malformed, TooLarge):
            continue


_KEYS = st.text(st.characters(), max_size=5) | st.integers() | st.binary(max_size=4) | st.none()


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(_KEYS, inner, max_size=3)
    )


_VALUES = st.recursive(
    _LEAVES | st.text(st.characters(), max_size=9) | st.binary(max_size=9) | st.integers(-(1 << 200), 1 << 200),
    _nested,
    max_leaves=20,
)


@given(_VALUES)
@settings(_QUIET, max_examples=200)
def test_random_values_come_back(value: Any) -> None:
    assert repr(travel(value)) == repr(value)


@given(
    st.sampled_from(NUMPY_DTYPES),
    st.lists(st.integers(0, 4), max_size=4),
    st.lists(st.sampled_from([1, -1, 2, -2]), min_size=4, max_size=4),
    st.permutations(range(4)),
    st.booleans(),
)
@settings(_QUIET, max_examples=300)
def test_random_views_come_back(dtype: str, shape: list[int], steps: list[int], order: list[int], layouts: bool) -> None:
    base = np.frombuffer(SOURCE_OF_BYTES.bytes(8 * math.prod(shape)), np.uint8).reshape([*shape, 8])[..., 0].astype(dtype)
    view = base[tuple(slice(None, None, step) for step in steps[: len(shape)])]
    view = view.transpose([axis for axis in order if axis < len(shape)])
    back = travel(view, layouts=layouts)
    assert back.dtype == view.dtype
    assert back.shape == view.shape
    assert raw(back) == raw(view)
