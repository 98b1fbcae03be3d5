"""What a test sees of a submission: calls, modules by handle, and gradients as if the call had been made here."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from grader.grading.student import Names, RemoteModule, Student
from grader.grading.suite import parameter_names
from grader.sandbox.warm import WarmSandbox
from grader.testing import Failure, StudentError, assert_close, assert_inputs_unchanged, gradients, raises

SOURCE = """
import torch
from torch import nn


class Affine(nn.Module):
    def __init__(self, wide, narrow=2, *, bias=True):
        super().__init__()
        self.linear = nn.Linear(wide, narrow, bias=bias)
        self.drop = nn.Dropout(0.5)
        self.register_buffer("calls", torch.zeros((), dtype=torch.int64))
        self.frozen = nn.Parameter(torch.tensor(3.0), requires_grad=False)

    def forward(self, x, times=1.0):
        self.calls += 1
        return self.drop(self.linear(x)) * times, x.sum(), "text"


class Broken(nn.Module):
    def forward(self, x):
        raise ValueError("in forward")


def square(x, y=None):
    return x * x if y is None else (x * x, x * y, x.shape[0])


def mixed(x):
    return {"flow": x * 2, "cut": (x * 2).detach(), "count": 3, "nested": [(x + 1,)]}


def uses(module, x):
    return module(x)[0]


def uses_keyword(x, *, module):
    return module(x)[0]


def makes(n):
    return [Affine(n), Affine(n)]


def casts(x):
    return x.to(torch.float32).exp()


def ints(x):
    return (x > 0).long(), x * 2


def spoils(x, y):
    x.mul_(2)
    y["inner"][0] += 1
    return 0


def no_grad(x):
    with torch.no_grad():
        return x * 2


def constant(x):
    return torch.ones(2, requires_grad=True)


def leaf(x):
    return x
"""

Open = Callable[..., Student]


@pytest.fixture
def open_student(warm: WarmSandbox, submit: Any) -> Open:
    """A student in the sandbox."""

    def start(entry: str = "Affine", returns: Any = "module", call_returns: Any = "any", names: tuple[str, ...] = ()) -> Student:
        talk = submit(warm, SOURCE, entries=(entry,))
        return Student(talk.conversation, entry, returns, call_returns, Names(names), None)

    return start


@pytest.fixture
def student(open_student: Open) -> Student:
    """The usual one."""
    return open_student()


def affine(student: Student, **state: torch.Tensor) -> RemoteModule:
    """A module with a known state, in evaluation mode."""
    module: RemoteModule = student.Affine(3).eval()
    module.load_state_dict({**module.state_dict(), **state})
    return module


# -- modules by handle ---------------------------------------------------------------------------------------------------------


def test_construction_with_arguments(student: Student) -> None:
    module = student.Affine(5, narrow=4, bias=False)
    assert {name: tuple(p.shape) for name, p in module.named_parameters().items()} == {"frozen": (), "linear.weight": (4, 5)}
    assert module.named_modules() == {"": "Affine", "linear": "Linear", "drop": "Dropout"}
    with pytest.raises(Failure, match="missing"):
        student.Affine()
    with pytest.raises(StudentError, match="RuntimeError"):
        student.Affine(-1)


def test_mirrors_are_leaves_like_their_parameters(student: Student) -> None:
    parameters = student.Affine(5).named_parameters()
    assert {name: (p.is_leaf, p.requires_grad) for name, p in parameters.items()} == {
        "frozen": (True, False), "linear.weight": (True, True), "linear.bias": (True, True),
    }  # fmt: skip


def test_state_goes_out_and_in(student: Student) -> None:
    module = student.Affine(3).eval()
    state = module.state_dict()
    assert set(state) == {"linear.weight", "linear.bias", "calls", "frozen"}
    assert state["calls"].dtype == torch.int64
    weight, bias = torch.arange(6.0).reshape(2, 3), torch.tensor([10.0, 20.0])
    module.load_state_dict({**state, "linear.weight": weight, "linear.bias": bias})
    assert torch.equal(module.state_dict()["linear.weight"], weight)
    assert torch.equal(module.named_parameters()["linear.weight"], weight)
    value, total, text = module(torch.ones(1, 3), times=2.0)
    assert torch.equal(value, torch.tensor([[26.0, 64.0]]))
    assert (float(total), text) == (3.0, "text")
    assert int(module.state_dict()["calls"]) == 1


@pytest.mark.parametrize("change", [lambda s: s.pop("linear.bias"), lambda s: s.update(more=torch.ones(1))])
def test_keys_of_a_state_must_match(student: Student, change: Callable[[dict[str, Any]], object]) -> None:
    module = student.Affine(3)
    state = module.state_dict()
    change(state)
    with raises(RuntimeError):
        module.load_state_dict(state)


def test_a_state_that_came_out_is_a_copy(student: Student) -> None:
    module = affine(student)
    state = module.state_dict()
    state["linear.weight"].fill_(99)
    assert not torch.equal(module.state_dict()["linear.weight"], state["linear.weight"])


def test_training_and_evaluation(student: Student) -> None:
    module = student.Affine(50, 200)
    assert module.training
    x = torch.ones(1, 50)
    assert (module(x)[0] == 0).sum() > 40
    assert module.eval() is module
    assert not module.training
    assert torch.equal(module(x)[0], module(x)[0])
    assert module.train().training
    assert not module.train(False).training


def test_another_precision(student: Student) -> None:
    module = affine(student).to("float64")
    assert {p.dtype for p in module.named_parameters().values()} == {torch.float64}
    assert module(torch.ones(1, 3, dtype=torch.float64))[0].dtype == torch.float64


def test_two_modules_are_two(student: Student) -> None:
    bias = torch.zeros(2)
    ones, zeros = (affine(student, **{"linear.weight": value * torch.ones(2, 3), "linear.bias": bias}) for value in (1, 0))
    assert torch.equal(ones(torch.ones(1, 3))[0], torch.full((1, 2), 3.0))
    assert torch.equal(zeros(torch.ones(1, 3))[0], torch.zeros(1, 2))


def test_modules_within_an_answer(student: Student) -> None:
    first, second = student.makes(4)
    assert isinstance(first, RemoteModule)
    assert not torch.equal(first.named_parameters()["linear.weight"], second.named_parameters()["linear.weight"])


def test_a_module_as_an_argument(student: Student) -> None:
    module = affine(student, **{"linear.weight": torch.ones(2, 3), "linear.bias": torch.zeros(2)})
    assert torch.equal(student.uses(module, torch.ones(1, 3)), torch.full((1, 2), 3.0))


def test_a_module_as_a_keyword_argument(student: Student) -> None:
    module = affine(student, **{"linear.weight": torch.ones(2, 3), "linear.bias": torch.zeros(2)})
    assert torch.equal(student.uses_keyword(torch.ones(1, 3), module=module), torch.full((1, 2), 3.0))


def test_an_error_inside_a_module(student: Student) -> None:
    module = student.Broken()
    with pytest.raises(StudentError, match="in forward") as caught:
        module(torch.ones(1))
    assert caught.value.lines[-1][1] == "forward"


def test_the_form_of_a_modules_answer(open_student: Open) -> None:
    student = open_student(call_returns=("tensor", "tensor", "any"))
    assert type(affine(student)(torch.ones(1, 3))) is tuple
    with pytest.raises(Failure, match="promised"):
        affine(open_student(call_returns=("tensor", "tensor", "tensor")))(torch.ones(1, 3))
    with pytest.raises(Failure, match="promised"):
        open_student("square").square(1)


def test_what_a_test_has_is_gone_in_the_next(student: Student) -> None:
    module = student.Affine(3)
    student.conversation.begin_test(5)
    with pytest.raises(StudentError, match="KeyError"):
        module(torch.ones(1, 3))


# -- gradients -----------------------------------------------------------------------------------------------------------------


def test_gradients_with_respect_to_inputs(student: Student) -> None:
    x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    y = student.square(x)
    assert y.requires_grad
    assert torch.equal(gradients(y, [x])[0], 2 * x)
    assert torch.equal(gradients(y, [x], torch.tensor([1.0, 10.0, 100.0]))[0], torch.tensor([2.0, -40.0, 600.0]))
    y.sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, 2 * x.detach())


def test_gradients_of_any_output_of_a_tuple(student: Student) -> None:
    x, y = torch.tensor([2.0, 3.0], requires_grad=True), torch.tensor([5.0, 7.0], requires_grad=True)
    first, second, count = student.square(x, y)
    assert count == 2
    assert torch.equal(gradients(second, [x, y])[0], y)
    assert torch.equal(gradients(second, [x, y])[1], x)
    assert torch.equal(gradients(first, [x])[0], 2 * x)
    both = torch.autograd.grad(first.sum() + 3 * second.sum(), [x, y])
    assert torch.equal(both[0], 2 * x + 3 * y)
    assert torch.equal(both[1], 3 * x)


def test_an_output_that_an_input_does_not_reach(student: Student) -> None:
    x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    with pytest.raises(Failure, match="no gradient reaches input 2 of 2"):
        gradients(student.square(x, y)[0], [x, y])


def test_gradients_pass_through_what_is_around_the_call(student: Student) -> None:
    x = torch.tensor([0.5, 1.5], requires_grad=True)
    outer = (student.square(x.exp()) * 3).sum()
    assert_close(torch.autograd.grad(outer, x)[0], 6 * torch.exp(2 * x))


def test_one_tensor_twice(student: Student) -> None:
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    _, product, _ = student.square(x, x)
    assert torch.equal(gradients(product, [x])[0], 2 * x)


def test_a_chain_of_two_calls(student: Student) -> None:
    x = torch.tensor([2.0], requires_grad=True)
    assert float(gradients(student.square(student.square(x)), [x])[0]) == 32.0


def test_gradients_by_keyword(student: Student) -> None:
    x, y = torch.tensor([2.0], requires_grad=True), torch.tensor([5.0], requires_grad=True)
    assert float(gradients(student.square(y=y, x=x)[1], [y])[0]) == 2.0


def test_outputs_in_dicts_and_lists(student: Student) -> None:
    x = torch.ones(2, requires_grad=True)
    answer = student.mixed(x)
    assert answer["flow"].requires_grad
    assert answer["nested"][0][0].requires_grad
    assert not answer["cut"].requires_grad
    assert answer["count"] == 3
    assert torch.equal(gradients(answer["flow"], [x])[0], torch.full((2,), 2.0))
    with pytest.raises(Failure, match="detached"):
        gradients(answer["cut"], [x])


def test_integers_beside_gradients(student: Student) -> None:
    x = torch.tensor([-1.0, 1.0], requires_grad=True)
    signs, twice = student.ints(x)
    assert signs.tolist() == [0, 1]
    assert torch.equal(gradients(twice, [x])[0], torch.full((2,), 2.0))


def test_gradients_keep_the_dtype_of_their_input(student: Student) -> None:
    x = torch.tensor([0.0], dtype=torch.float64, requires_grad=True)
    found = gradients(student.casts(x), [x])[0]
    assert found.dtype == torch.float64
    assert float(found) == 1.0


@pytest.mark.parametrize("name", ["no_grad", "constant"])
def test_what_does_not_depend_on_the_input_has_no_gradient(student: Student, name: str) -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(Failure) as caught:
        gradients(getattr(student, name)(x), [x])
    assert caught.value.cause == "gradient"


def test_without_gradients_nothing_is_joined(student: Student) -> None:
    y = student.square(torch.ones(2))
    assert not y.requires_grad


def test_the_input_itself_comes_back(student: Student) -> None:
    x = torch.ones(2, requires_grad=True)
    assert torch.equal(gradients(student.leaf(x), [x])[0], torch.ones(2))


def test_gradients_of_views_and_of_one_number(student: Student) -> None:
    base = torch.arange(6.0).reshape(2, 3).requires_grad_()
    assert torch.equal(gradients(student.square(base.T[1:]), [base])[0], 2 * base * torch.tensor([0.0, 1.0, 1.0]))
    x = torch.tensor(4.0, requires_grad=True)
    assert float(gradients(student.square(x), [x])[0]) == 8.0


def reference(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    layer = nn.Linear(3, 2)
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def test_gradients_with_respect_to_parameters(student: Student) -> None:
    weight, bias = torch.randn(2, 3), torch.randn(2)
    module, oracle = affine(student, **{"linear.weight": weight, "linear.bias": bias}), reference(weight, bias)
    x, upstream = torch.randn(4, 3), torch.randn(4, 2)
    ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    parameters = module.named_parameters()
    found = gradients(module(ours)[0], [ours, parameters["linear.weight"], parameters["linear.bias"]], upstream)
    assert_close(found, gradients(oracle(theirs), [theirs, oracle.weight, oracle.bias], upstream))
    module(ours)[0].backward(upstream)
    assert_close(parameters["linear.weight"].grad, found[1])
    assert parameters["frozen"].grad is None
    module.zero_grad()
    assert parameters["linear.weight"].grad is None


def test_gradients_with_respect_to_parameters_alone(student: Student) -> None:
    module = affine(student)
    weight = module.named_parameters()["linear.weight"]
    assert torch.equal(gradients(module(torch.ones(1, 3))[0], [weight])[0], torch.ones(2, 3))


def test_an_output_that_parameters_do_not_reach(student: Student) -> None:
    module, x = affine(student), torch.ones(1, 3, requires_grad=True)
    total = module(x)[1]
    assert torch.equal(gradients(total, [x])[0], torch.ones(1, 3))


def test_no_gradient_for_parameters_that_do_not_count(student: Student) -> None:
    module = affine(student)
    with pytest.raises(Failure, match="no gradient reaches input 1"):
        gradients(module(torch.ones(1, 3, requires_grad=True))[1], [module.named_parameters()["linear.weight"]])


# -- calls ---------------------------------------------------------------------------------------------------------------------


def test_changed_inputs_by_the_names_of_the_stub(open_student: Open) -> None:
    student = open_student("spoils", "any", names=("image", "options"))
    assert student.changed_inputs == []
    student.spoils(torch.ones(2), {"inner": [np.ones(1)]})
    assert student.changed_inputs == ["argument `image`", "argument `options`"]
    with pytest.raises(Failure, match="argument `image`"):
        assert_inputs_unchanged(student)


def test_changed_inputs_of_what_is_not_the_entry_by_their_place(open_student: Open) -> None:
    student = open_student("square", "any", names=("image", "options"))
    student.spoils(torch.ones(2), {"inner": [np.ones(1)]})
    assert student.changed_inputs == ["argument 1", "argument 2"]


SPOILING = """
import torch


class LSTM(torch.nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        hidden_size *= 0

    def forward(self, inputs, state=None):
        state[0].mul_(2)
        return inputs.mul_(0.5), state
"""


def test_changed_inputs_of_a_module_by_the_names_of_its_forward(warm: WarmSandbox, submit: Any) -> None:
    stub = Path(__file__).resolve().parents[2] / "exercises/recurrent/lstm/lstm.py"
    talk = submit(warm, SPOILING, entries=("LSTM",))
    student = Student(talk.conversation, "LSTM", "module", "any", parameter_names(stub, "LSTM"), None)
    module = student.LSTM(torch.ones(1), torch.ones(1))
    assert student.changed_inputs == ["argument `hidden_size`"]
    module(torch.ones(2, 3, 1), (torch.ones(2, 1), torch.ones(2, 1)))
    assert student.changed_inputs[1:] == ["argument `inputs`", "argument `state`"]
    assert student.last_call == "module(inputs (2, 3, 1), state (Tensor (2, 1), Tensor (2, 1)))"


def test_a_module_of_another_class_has_no_names(open_student: Open) -> None:
    student = open_student("square", "any")
    student.names = Names((), ("wrong",))
    student.Affine(3).eval()(torch.ones(1, 3))
    assert student.last_call == "module(Tensor (1, 3))"


def test_changed_inputs_by_keyword(open_student: Open) -> None:
    student = open_student("spoils", "any", names=("image", "options"))
    student.spoils(y={"inner": [0]}, x=torch.ones(2))
    assert sorted(student.changed_inputs) == ["argument `x`", "argument `y`"]


def test_a_leaf_is_not_called_changed(student: Student) -> None:
    student.square(torch.ones(2, requires_grad=True), y=torch.arange(4.0).reshape(2, 2).T[:, 0])
    assert student.changed_inputs == []


def test_the_last_call_in_words(open_student: Open) -> None:
    student = open_student("square", "any", names=("x", "y"))
    student.square(torch.ones(2, 3), y=2)
    assert student.last_call == "square(x (2, 3), y=2)"
    student.square(torch.ones(2), (np.ones(3), 1)[0].tolist()[0])
    assert student.last_call == "square(x (2,), y=1.0)"
    with pytest.raises(StudentError):
        student.uses((torch.ones(1), torch.ones(2)), 1)
    assert student.last_call == "uses((Tensor (1,), Tensor (2,)), 1)"


def test_a_name_that_is_not_there(student: Student) -> None:
    with pytest.raises(StudentError, match="AttributeError"):
        student.no_such_name(1)
    assert not hasattr(student, "__array__")


def test_names_of_parameters(tmp_path: Any) -> None:
    stub = tmp_path / "stub.py"
    stub.write_text(
        "class A:\n    def __init__(self, n, m=1): ...\n    def forward(self, x, mask=None): ...\n"
        "class B:\n    def forward(self, x): ...\ndef f(x, y=2, *, z=3): ...\n"
    )
    assert parameter_names(stub, "f") == Names(("x", "y"))
    assert parameter_names(stub, "A") == Names(("n", "m"), ("x", "mask"))
    assert parameter_names(stub, "B") == Names((), ("x",))
    assert parameter_names(stub, "g") == Names()
    assert parameter_names(tmp_path / "none.py", "f") == Names()


def test_answers_with_gradients_are_freed(student: Student) -> None:
    x, y = torch.tensor([2.0, 3.0], requires_grad=True), torch.tensor([5.0, 7.0], requires_grad=True)
    first, second, _ = student.square(x, y)
    kept = weakref.ref(first.grad_fn)
    gradients(first, [x])
    assert kept() is not None
    del first, second
    student.conversation.begin_test(seed=2)
    gc.collect()
    assert kept() is None
