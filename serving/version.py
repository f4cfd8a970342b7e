"""Which ScamScreen this is."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the version that is installed; in a folder that is not, that there is none."""
    try:
        return version("scamscreen")
    except PackageNotFoundError:
        return "(run from a folder that is not installed)"
