"""The story of an answer: from a question as people put it to rows with their evidence."""
