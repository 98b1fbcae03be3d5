#!/usr/bin/env bash
# From a bare clone to the demo: sets up an environment, then shows check and grade at work.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
grader demo
