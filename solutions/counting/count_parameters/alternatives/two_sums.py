"""A callable object with a cache of nothing: two sums by named_parameters, trainable and frozen."""

from functools import reduce
from math import prod
from operator import add


class ParameterCounter:
    def split(self, module):
        trainable, frozen = [0], [0]
        for _name, parameter in module.named_parameters():
            (trainable if parameter.requires_grad else frozen).append(prod(parameter.size()))
        return reduce(add, trainable), reduce(add, frozen)

    def __call__(self, module, trainable_only=False):
        trainable, frozen = self.split(module)
        return trainable if trainable_only else trainable + frozen


count_parameters = ParameterCounter()
