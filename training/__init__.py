"""Labelled texts -> an artefact that `models` can load."""
