"""SCREENING -> PEOPLE: the command line, files, the HTTP service."""
