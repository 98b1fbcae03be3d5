"""Joins a student's answer to the judge's autograd graph: a backward pass here asks the student's process for its gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.autograd.function import once_differentiable

from grader.grading.conversation import Conversation
from grader.sandbox.contract import Ended


class _Remote(torch.autograd.Function):
    """Forward hands through what came back; backward is a request."""

    @staticmethod
    def forward(ctx: Any, way: _Way, *inputs: Any) -> Any:
        ctx.way = way
        # An output that nobody asks for stays None, so that what it alone reaches gets no gradient instead of zeros.
        ctx.set_materialize_grads(False)
        # The outputs are going to hold the way, and neither would ever be freed if the way held them too.
        outputs, way.outputs = way.outputs, ()
        return tuple(outputs)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *upstream: Any) -> Any:
        return (None, *ctx.way.gradients(list(upstream)))


class _Way:
    """The way back of one call."""

    def __init__(
        self, conversation: Conversation, tape: int, outputs: Sequence[Any], leaves: Sequence[Any], mirrors: Mapping[str, Any]
    ) -> None:
        self.conversation = conversation
        self.tape = tape
        self.outputs = outputs
        self.leaves = leaves
        self.mirrors = mirrors

    def gradients(self, upstream: list[Any]) -> list[Any]:
        found = self.conversation.backward(self.tape, upstream)
        result = []
        wanted = [*((str(i), leaf) for i, leaf in enumerate(self.leaves)), *(("." + n, p) for n, p in self.mirrors.items())]
        for key, tensor in wanted:
            gradient = found.get(key)
            if gradient is not None and (not isinstance(gradient, torch.Tensor) or gradient.shape != tensor.shape):
                raise Ended("garbled", "a gradient of another shape")
            result.append(None if gradient is None else gradient.to(tensor.dtype))
        return result


def join(
    conversation: Conversation, tape: int, outputs: Sequence[Any], leaves: Sequence[Any], mirrors: Mapping[str, Any]
) -> list[Any]:
    """The outputs as parts of the local graph.

    Parameters:
        conversation: with the student's process.
        tape: the call's number there.
        outputs: tensors that require gradients there.
        leaves: tensors that were passed and require gradients here.
        mirrors: parameters of the called module, by name.
    """
    wanted = [*leaves, *(p for p in mirrors.values() if p.requires_grad)]
    if not wanted:
        return [output.requires_grad_() for output in outputs]
    trained = {name: p for name, p in mirrors.items() if p.requires_grad}
    way = _Way(conversation, tape, outputs, leaves, trained)
    return list(_Remote.apply(way, *leaves, *trained.values()))  # type: ignore[no-untyped-call]  # torch ships it without types
