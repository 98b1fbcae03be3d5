#!/usr/bin/env bash
# From a bare clone to every test: sets up an environment, then style, types, tests and the proofs of the hidden graders.
# GRADER_MUTANTS is the share of mutants to try (1 tries all; the default is a sample), GRADER_SEEDS the seeds per solution.
export GRADER_EXTRAS=dev GRADER_PACKAGES="chromium fonts-noto-core postgresql"
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
ruff check .
mypy
# In the order of collection: the longest file first, the notebooks not last.
python -m pytest -n 3 --dist loadfile --no-loadscope-reorder "$@"
grader quiz verify
grader verify --mutants "${GRADER_MUTANTS:-0.25}" --seeds "${GRADER_SEEDS:-3}"
