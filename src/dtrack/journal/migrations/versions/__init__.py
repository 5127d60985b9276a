"""One module a step, named by its date and what it brings."""
