"""Entities by rule: one recogniser a file, each says why; `pipeline` runs them all."""
