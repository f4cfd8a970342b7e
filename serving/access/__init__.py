"""REQUEST -> CALLER: keys, scopes and limits; whatever is not named here is refused."""
