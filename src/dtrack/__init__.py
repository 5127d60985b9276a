"""A semantic linked-data tracker of the decisions of environmental conventions."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("dtrack")
except PackageNotFoundError:  # a checkout that nobody installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
