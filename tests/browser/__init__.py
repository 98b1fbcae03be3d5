"""A package, so that what its fixtures start ends with it: a running browser holds an event loop that other tests need."""
