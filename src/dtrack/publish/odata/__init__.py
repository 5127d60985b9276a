"""OData in InforMEA's shape: entity sets, query options, and both wire formats."""
