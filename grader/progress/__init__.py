"""A student's own folder: results of checks and what is next, hints shown, stubs as they were handed out, what to hand in."""
