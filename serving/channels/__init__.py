"""Messengers -> reports: one file for each, behind the interface in `channel`."""
