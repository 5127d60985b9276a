"""What a node says of its data: DCAT, VoID, schema.org, and addresses for search engines."""
