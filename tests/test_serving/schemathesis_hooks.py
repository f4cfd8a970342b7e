"""What Schemathesis cannot know: the ids of what there is, so that not all is answered with 404."""

import json
import os

import schemathesis

KNOWN = json.loads(os.environ.get("SCAMSCREEN_TEST_IDS", "{}"))


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Name what there is in two of three good requests."""
    if not path_parameters:
        return path_parameters
    return {
        name: KNOWN[name] if name in KNOWN and _is_id(value) and value[0] in "0123456789" else value
        for name, value in path_parameters.items()
    }


def _is_id(value):
    return isinstance(value, str) and len(value) == 32
