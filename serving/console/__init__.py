"""The console: pages on which people screen texts, see who comes first, and decide."""
