"""For authors: the gate that every exercise passes, the mutants it is tried with, the skeleton of a new one, the demo."""
