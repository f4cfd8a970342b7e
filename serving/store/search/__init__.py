"""What reports are found by, and which belong together; all of it keyed."""
