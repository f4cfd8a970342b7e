"""What to label next, and how many labels it takes."""
