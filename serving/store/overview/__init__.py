"""What came in over a stretch of time, in numbers."""
