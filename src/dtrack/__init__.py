"""A semantic linked-data tracker of the decisions of environmental conventions."""

__version__ = "0.1.0"

__all__ = ["__version__"]
