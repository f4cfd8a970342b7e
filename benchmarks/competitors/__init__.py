"""What a user would run instead, each a server of its own on the Hugging Face export of the same weights.

All of them answer label probabilities only, of the first `window_tokens` of a text: less work than a record.
"""
