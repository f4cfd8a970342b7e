"""How fast ScamScreen is, beside what a user would run instead: `python -m benchmarks short|long`."""
