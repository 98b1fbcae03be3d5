"""Marks of a test: its points, its title, the tests it depends on."""

import pytest

points = pytest.mark.points
title = pytest.mark.title
depends = pytest.mark.depends

DESCRIPTIONS = (
    "points(n): what the test is worth",
    "title(en, ru, hi): the promise that the test checks",
    "depends(*names): skipped unless these tests passed",
)
