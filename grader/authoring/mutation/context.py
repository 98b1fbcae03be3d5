"""What an operator must know about the module around a node."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """What an operator may know beyond the place it changes."""

    imported: frozenset[str]
    defined: frozenset[str]
    torch: bool

    def is_imported(self, node: ast.expr) -> bool:
        """Whether a dotted name starts at an import, so that `np.exp` is a function and `x.exp` a method."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.imported

    def subject(self, call: ast.Call) -> ast.expr | None:
        """The value that a call transforms: x in `np.exp(x)`, `x.exp()` and `self.norm(x)`."""
        on_function = not isinstance(call.func, ast.Attribute) or self.is_imported(call.func)
        if on_function or is_own_method(call):
            return call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None
        return call.func.value if isinstance(call.func, ast.Attribute) else None


def is_own_method(call: ast.Call) -> bool:
    """Whether a call is of a method of `self`."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="self")):
            return True
        case _:
            return False


def context_of(tree: ast.Module) -> Context:
    """What is known about a module as a whole."""
    imported: set[str] = set()
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            modules |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module or ""}
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    torch = any(module.split(".")[0] == "torch" for module in modules)
    return Context(frozenset(imported), frozenset(defined), torch)
