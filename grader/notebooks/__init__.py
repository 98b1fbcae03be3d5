"""Notebooks: the check in a kernel, and the ordinary nbgrader workflow with our judge in it."""
