"""The one place that says which: which store, which engine, which folders."""
