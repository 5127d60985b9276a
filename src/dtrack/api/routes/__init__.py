"""Routes, one module per family of addresses."""
