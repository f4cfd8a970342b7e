"""The tables of the store. Words of people stand only in columns named `sealed`, encrypted (`sealing`).

Times are milliseconds since 1970, UTC. `serial` grows in the order rows were stored; what callers see of a
report is its `public_id` and its `case_ref`.
"""

from serving.store.tables.administration import GUIDANCE, OPERATING_POINT, PASSWORD_LINK
from serving.store.tables.casework import HISTORY, LABELLING, REFERRAL
from serving.store.tables.columns import DIGEST_BYTES, METADATA
from serving.store.tables.console import SAVED_VIEW
from serving.store.tables.custody import AUDIT, HOLD, PURGE
from serving.store.tables.people import (
    ACTOR,
    CREDENTIAL,
    ORGANISATION,
    READ_GRANT,
    SESSION,
    SIGN_IN,
    SIGN_IN_LINK,
)
from serving.store.tables.reports import (
    CASE_SERIAL,
    ITEM,
    REPORT,
    SCREENING,
    SENT_BEFORE,
    TRIED,
    UNANSWERED,
    UNTRIED,
    WORKER,
)
from serving.store.tables.search import CAMPAIGN, CONTACT, SEARCH_TOKEN, SIGNATURE, SIGNATURE_BAND
from serving.store.tables.shifts import HANDOVER
from serving.store.tables.telling import DELIVERY, EVENT, FETCH, WEBHOOK
from serving.store.tables.uploads import UPLOAD, UPLOAD_CHUNK, UPLOAD_ROW

__all__ = [
    "ACTOR",
    "AUDIT",
    "CAMPAIGN",
    "CASE_SERIAL",
    "CONTACT",
    "CREDENTIAL",
    "DELIVERY",
    "DIGEST_BYTES",
    "EVENT",
    "FETCH",
    "GUIDANCE",
    "HANDOVER",
    "HISTORY",
    "HOLD",
    "ITEM",
    "LABELLING",
    "METADATA",
    "OPERATING_POINT",
    "ORGANISATION",
    "PASSWORD_LINK",
    "PURGE",
    "READ_GRANT",
    "REFERRAL",
    "REPORT",
    "SAVED_VIEW",
    "SCREENING",
    "SEARCH_TOKEN",
    "SENT_BEFORE",
    "SESSION",
    "SIGNATURE",
    "SIGNATURE_BAND",
    "SIGN_IN",
    "SIGN_IN_LINK",
    "TRIED",
    "UNANSWERED",
    "UNTRIED",
    "UPLOAD",
    "UPLOAD_CHUNK",
    "UPLOAD_ROW",
    "WEBHOOK",
    "WORKER",
]
