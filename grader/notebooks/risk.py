"""Tells statements that can surely be run from those that may fail and then take along all that is loaded with them.

Surely means: it follows from what stands in the notebook and from what libraries offer. A statement of which it does not follow
may well be harmless; then the exercises that need it run in a process of their own, which costs time and no mark.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.notebooks import known
from grader.notebooks.statements import FUNCTIONS
from grader.notebooks.values import Names, is_layer, is_sure, path_of

_WITHOUT_GRADIENTS = frozenset({"torch.no_grad", "torch.inference_mode", "torch.enable_grad"})
_ON_FUNCTIONS = _WITHOUT_GRADIENTS | {
    "functools.lru_cache", "functools.cache", "functools.singledispatch", "contextlib.contextmanager", "staticmethod",
}  # fmt: skip
_IN_CLASSES = frozenset({"staticmethod", "classmethod", "property", "functools.cached_property", "abc.abstractmethod"})
_SWITCHES = frozenset({"deterministic", "benchmark"})
_ACCESSORS = frozenset({"setter", "getter", "deleter"})
_OF_DATACLASSES = frozenset({"frozen", "eq", "repr"})
# These decide how the class itself is made.
_OF_CLASSES = frozenset(
    {
        "__slots__", "__classcell__", "__dict__", "__weakref__", "__class__", "__annotations__", "__module__", "__qualname__",
    }
)  # fmt: skip
# These run when the class is subclassed or instantiated, or what it makes is kept somewhere.
_HOOKS = _OF_CLASSES | {
    "__new__", "__init_subclass__", "__class_getitem__", "__set_name__", "__setattr__", "__delattr__", "__getattribute__",
    "__getattr__", "__del__", "__get__", "__set__", "__delete__", "__mro_entries__",
}  # fmt: skip
_OF_TUPLES = frozenset(
    {"__init__", "__getnewargs__", "_fields", "_field_defaults", "_field_types", "_make", "_replace", "_asdict", "_source"}
)


def is_calm(node: ast.stmt, names: Names, future: bool = False) -> bool:
    """Whether a statement can surely be run: no work, no files, no unknown library, nothing that others would notice.

    What is not calm may fail, and takes along only the exercises that need it.

    Parameters:
        node: at the top level.
        names: that it sees.
        future: whether annotations are texts.
    """
    if isinstance(node, ast.Import):
        return all(_is_loaded(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return not node.level and known.is_module(module) and all(known.is_known(f"{module}.{each.name}") for each in node.names)
    if isinstance(node, FUNCTIONS):
        return _is_calm_function(node, names, future, _ON_FUNCTIONS)
    if isinstance(node, ast.ClassDef):
        return _is_calm_class(node, names, future)
    if isinstance(node, ast.Assign):
        return _is_switch(node, names) or (
            all(_fits(target, node.value) for target in node.targets) and is_sure(node.value, names)
        )
    if isinstance(node, ast.AnnAssign):
        target, value = node.target, node.value
        whole = isinstance(target, ast.Name) and value is not None and is_sure(value, names)
        return whole and (future or is_sure(node.annotation, names))
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_loaded(module: str) -> bool:
    parts = module.split(".")
    return all(known.is_module(".".join(parts[:count])) for count in range(1, len(parts) + 1))


def _is_switch(node: ast.Assign, names: Names) -> bool:
    """`torch.backends.cudnn.deterministic = True`, of which nothing can be noticed where there is no graphics card."""
    target, value = node.targets[0], node.value
    if len(node.targets) > 1 or not isinstance(target, ast.Attribute) or target.attr not in _SWITCHES:
        return False
    switched = isinstance(value, ast.Constant) and isinstance(value.value, bool)
    return switched and path_of(target.value, names) == "torch.backends.cudnn"


def _fits(target: ast.expr, value: ast.expr) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        return len(target.elts) == len(value.elts) and all(isinstance(each, ast.Name) for each in target.elts)
    return isinstance(target, ast.Name)


def _is_calm_function(node: ast.stmt, names: Names, future: bool, decorators: frozenset[str]) -> bool:
    if not isinstance(node, FUNCTIONS) or getattr(node, "type_params", None):
        return False
    given = node.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    annotations = [each.annotation for each in parameters if each] + [node.returns]
    return (
        all(is_sure(each, names) for each in (*given.defaults, *given.kw_defaults) if each)
        and (future or all((each is None or is_sure(each, names)) for each in annotations))
        and all(_is_calm_decorator(each, names, decorators) for each in node.decorator_list)
    )


def _is_calm_decorator(node: ast.expr, names: Names, decorators: frozenset[str]) -> bool:
    if isinstance(node, ast.Call):
        path = path_of(node.func, names)
        if path == "functools.lru_cache" and not node.args:
            return all(
                each.arg in ("maxsize", "typed")
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, (int, type(None)))
                for each in node.keywords
            )
        return path in _WITHOUT_GRADIENTS and not (node.args or node.keywords)
    return path_of(node, names) in decorators


# -- classes -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Within:
    """Names as the body of a class sees them: its own so far, then those of the module."""

    names: Names
    local: frozenset[str]
    properties: frozenset[str] = frozenset()

    def is_bound(self, name: str) -> bool:
        """Whether a name is surely there."""
        return name in self.local or self.names.is_bound(name)

    def path(self, name: str) -> str | None:
        """The dotted path of an import of the module."""
        return None if name in self.local else self.names.path(name)

    def own_class(self, name: str) -> ast.ClassDef | None:
        """The definition of a class of the module."""
        return None if name in self.local else self.names.own_class(name)

    def is_made_surely(self, name: str, call: ast.Call) -> bool:
        """Whether calling the name surely makes an instance."""
        return name not in self.local and self.names.is_made_surely(name, call)


def _is_calm_class(node: ast.ClassDef, names: Names, future: bool) -> bool:
    if node.keywords or len(node.bases) > 1 or getattr(node, "type_params", None):
        return False
    base = path_of(node.bases[0], names) if node.bases else "object"
    if base is None:
        own = node.bases[0]
        if not isinstance(own, ast.Name) or not _may_be_subclassed(names.own_class(own.id)):
            return False
    elif not known.is_base(base):
        return False
    local: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    for each in node.body:
        within = _Within(names, local, properties)
        if not _is_calm_member(each, within, future):
            return False
        local |= _bound_by(each)
        properties = properties | _bound_by(each) if _is_property(each, within) else properties - _bound_by(each)
    if local & _OF_CLASSES:
        return False
    if base == "typing.NamedTuple":
        return not (node.decorator_list or local & (_OF_TUPLES | _HOOKS)) and _are_fields_in_order(node, local)
    return not node.decorator_list or (len(node.decorator_list) == 1 and base == "object" and _is_dataclass(node, names, local))


def _may_be_subclassed(node: ast.ClassDef | None) -> bool:
    return node is not None and not (node.decorator_list or node.keywords) and not _names_in(node) & _HOOKS


def _names_in(node: ast.ClassDef) -> frozenset[str]:
    return frozenset().union(*(_bound_by(each) for each in node.body))


def _bound_by(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return frozenset({node.name})
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) and node.value else []
    )
    return frozenset(part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


def _is_calm_member(node: ast.stmt, names: _Within, future: bool) -> bool:
    if isinstance(node, FUNCTIONS):
        accessors = [each for each in node.decorator_list if _is_accessor(each, names)]
        if accessors:
            return len(node.decorator_list) == 1
        return _is_calm_function(node, names, future, _ON_FUNCTIONS | _IN_CLASSES)
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return isinstance(node.target, ast.Name) and (future or is_sure(node.annotation, names))
    if isinstance(node, ast.AnnAssign) and _is_field(node.value, names):
        return future or is_sure(node.annotation, names)
    return not isinstance(node, (ast.Import, ast.ImportFrom)) and is_calm(node, names, future)


def _is_property(node: ast.stmt, names: _Within) -> bool:
    decorators = node.decorator_list if isinstance(node, FUNCTIONS) else []
    return len(decorators) == 1 and (path_of(decorators[0], names) == "property" or _is_accessor(decorators[0], names))


def _is_accessor(node: ast.expr, names: _Within) -> bool:
    """`@name.setter` after the property `name`."""
    known_name = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names.properties
    return known_name and isinstance(node, ast.Attribute) and node.attr in _ACCESSORS


def _is_field(node: ast.expr | None, names: Names) -> bool:
    """`field(default=1)` or `field(default_factory=list)`."""
    if not isinstance(node, ast.Call) or node.args or path_of(node.func, names) != "dataclasses.field" or len(node.keywords) != 1:
        return False
    key, value = node.keywords[0].arg, node.keywords[0].value
    made = isinstance(value, ast.Lambda) or path_of(value, names) in ("list", "dict", "set")
    return (key == "default_factory" and made) or (key == "default" and isinstance(value, ast.Constant))


def _are_fields_in_order(node: ast.ClassDef, local: frozenset[str]) -> bool:
    """Whether no field without a default follows one with a default, and none is named as only tuples' own may be."""
    fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]
    named = [each.target.id for each in fields if isinstance(each.target, ast.Name)]
    given = [each.value is not None for each in fields]
    fresh = len(set(named)) == len(named) and not any(name.startswith("_") for name in named)
    methods = {each.name for each in node.body if isinstance(each, (*FUNCTIONS, ast.ClassDef))}
    return fresh and given == sorted(given) and not methods & set(named)


def _is_dataclass(node: ast.ClassDef, names: Names, local: frozenset[str]) -> bool:
    decorator = node.decorator_list[0]
    options = decorator.keywords if isinstance(decorator, ast.Call) else []
    if path_of(decorator.func if isinstance(decorator, ast.Call) else decorator, names) != "dataclasses.dataclass":
        return False
    plain = not local & _HOOKS and all(each.arg in _OF_DATACLASSES and isinstance(each.value, ast.Constant) for each in options)
    if not plain or (isinstance(decorator, ast.Call) and decorator.args):
        return False
    within = _Within(names, local)
    defaults = [each.value for each in node.body if isinstance(each, ast.AnnAssign) and each.value is not None]
    unchanging = all(isinstance(each, ast.Constant) or _is_field(each, within) for each in defaults)
    return unchanging and _are_fields_in_order(node, local)


def is_instantiated_surely(node: ast.ClassDef, call: ast.Call, names: Names) -> bool:
    """Whether calling a calm class surely makes an instance and does nothing else; its arguments have values.

    Known of classes without a base or with `nn.Module`, whose `__init__` only keeps what it is given or what is written there.
    """
    base = path_of(node.bases[0], names) if node.bases else "object"
    module = base == "torch.nn.Module"
    local = _names_in(node)
    if node.decorator_list or local & _HOOKS or not (module or base == "object"):
        return False
    made = [each for each in node.body if "__init__" in _bound_by(each)]
    if not made:
        return not (call.args or call.keywords)
    function = made[0]
    if len(made) > 1 or not isinstance(function, ast.FunctionDef) or function.decorator_list or not function.args.args:
        return False
    return _takes(function.args, call) and _only_keeps(function, call, names, module, local)


def _takes(parameters: ast.arguments, call: ast.Call) -> bool:
    if parameters.posonlyargs or parameters.vararg or parameters.kwarg or parameters.kwonlyargs:
        return False
    wanted = [each.arg for each in parameters.args[1:]]
    keywords = [each.arg for each in call.keywords]
    if any(isinstance(each, ast.Starred) for each in call.args) or len(call.args) > len(wanted):
        return False
    given = [*wanted[: len(call.args)], *keywords]
    needed = wanted[: len(wanted) - len(parameters.defaults)]
    return len(set(given)) == len(given) and set(given) <= set(wanted) and set(needed) <= set(given)


def _only_keeps(function: ast.FunctionDef, call: ast.Call, names: Names, module: bool, local: Iterable[str]) -> bool:
    own = function.args.args[0].arg
    defaults = _defaults_left(function.args, call)
    within = _Within(names, frozenset(each.arg for each in function.args.args))
    begun = not module
    kept: set[str] = set()
    for each in function.body:
        if _begins(each, names, own):
            begun = True
            continue
        if isinstance(each, ast.Pass) or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)):
            continue
        target = each.targets[0] if isinstance(each, ast.Assign) and len(each.targets) == 1 else None
        if not (begun and isinstance(each, ast.Assign) and isinstance(target, ast.Attribute)):
            return False
        if not (isinstance(target.value, ast.Name) and target.value.id == own) or target.attr in {*local, *kept}:
            return False
        kept.add(target.attr)
        if (module and target.attr.startswith("_")) or target.attr.startswith("__"):
            return False
        if not _is_kept(_Filled(defaults).visit(copy.deepcopy(each.value)), within):
            return False
    return begun


def _defaults_left(parameters: ast.arguments, call: ast.Call) -> dict[str, ast.expr]:
    """The parameters that a call leaves to their defaults, where these are constants."""
    wanted = [each.arg for each in parameters.args[1:]]
    given = {*wanted[: len(call.args)], *(each.arg for each in call.keywords)}
    defaults = zip(reversed(wanted), reversed(parameters.defaults), strict=False)
    return {name: value for name, value in defaults if name not in given and isinstance(value, ast.Constant)}


class _Filled(ast.NodeTransformer):
    """Puts values in the places of names."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.values.get(node.id, node)


def _begins(node: ast.stmt, names: Names, own: str) -> bool:
    """`super().__init__()`."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not (isinstance(call, ast.Call) and not (call.args or call.keywords) and isinstance(call.func, ast.Attribute)):
        return False
    above = call.func.value
    return (
        call.func.attr == "__init__"
        and isinstance(above, ast.Call)
        and not (above.args or above.keywords)
        and isinstance(above.func, ast.Name)
        and names.path(above.func.id) == "super"
        and own != "super"
    )


def _is_kept(node: ast.expr, names: _Within) -> bool:
    """A parameter, or a value that cannot fail wherever it stands."""
    if isinstance(node, ast.Name):
        return node.id in names.local
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(_is_kept(each, names) for each in node.elts)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Dict) and not node.keys) or is_layer(node, names)
