"""What happened, who is to be told of it, and what became of that."""
