"""The HTTP API: SPARQL Protocol and JSON, read only. Pages are in ``dtrack.web``."""
