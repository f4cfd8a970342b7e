"""DOCUMENTS OF REQUESTS -> RECORDS: one bounded queue that takes turns, for all who wait for an answer."""
