"""TERMINAL: the commands of `scamscreen`."""
