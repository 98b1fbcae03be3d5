"""The derivative of attention worked out by hand in an autograd.Function."""

import torch


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(ctx, query, key, value, hidden):
        scale = 1 / query.size(-1) ** 0.5
        scores = query.matmul(key.mT).mul_(scale)
        if hidden is not None:
            scores[hidden.expand_as(scores)] = float("-inf")
        weights = scores.softmax(-1)
        ctx.scale = scale
        ctx.save_for_backward(query, key, value, weights)
        return weights.matmul(value), weights

    @staticmethod
    def backward(ctx, grad_context, grad_weights):
        query, key, value, weights = ctx.saved_tensors
        grad = grad_weights + grad_context @ value.mT
        grad_scores = weights * (grad - (grad * weights).sum(-1, keepdim=True)) * ctx.scale
        return grad_scores @ key, grad_scores.mT @ query, weights.mT @ grad_context, None


def scaled_dot_product_attention(query, key, value, mask=None):
    return _Attention.apply(query, key, value, None if mask is None else mask == 0)
