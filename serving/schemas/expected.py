"""What a validator expected, in words of ours that quote nothing of what was sent."""


class ExpectedError(ValueError):
    """A value is not what was expected; the message says what was, and may be told to the sender."""
