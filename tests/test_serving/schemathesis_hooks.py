"""What Schemathesis cannot know: ids and versions of what there is, so that not all is 404 or 412."""

import json
import os
import re

import schemathesis

KNOWN = json.loads(os.environ.get("SCAMSCREEN_TEST_IDS", "{}"))
ID = re.compile("[0-9][0-9a-f]{31}")
TAGS = re.compile(r'(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*')
EVERY_VERSION = ", ".join(f'"{number}"' for number in range(1, 300))


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Name what there is, in most good requests."""
    if not path_parameters:
        return path_parameters
    return {
        name: KNOWN[name] if name in KNOWN and ID.fullmatch(str(value)) else value
        for name, value in path_parameters.items()
    }


@schemathesis.hook
def map_headers(context, headers):
    """Say that every version was seen, in most good requests that change a report."""
    tags = (headers or {}).get("If-Match", "")
    if TAGS.fullmatch(tags) and len(tags) % 3:
        return {**headers, "If-Match": EVERY_VERSION}
    return headers
