"""Small changes of a reference solution, to see whether its hidden tests notice them."""

from .mutant import Mutant, mutants

__all__ = ["Mutant", "mutants"]
