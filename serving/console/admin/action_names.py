"""What the actions in the audit are called."""

from collections.abc import Mapping

from serving.console.languages import Language


def action_names(language: Language) -> Mapping[str, str]:
    """Return the names of actions; one that is not here is shown by its code."""
    _ = language.text
    return {
        "report.stored": _("report stored"),
        "report.screened": _("report screened"),
        "report.urgent": _("report became urgent"),
        "report.read": _("report read"),
        "reports.listed": _("words of reports listed"),
        "reports.searched": _("reports of another organisation searched"),
        "report.changed": _("report changed"),
        "report.referred": _("report referred"),
        "report.escalated": _("report escalated"),
        "report.given_up": _("report could not be screened"),
        "report.purged": _("words of a report removed"),
        "item.derived": _("text read from an image"),
        "campaigns.merged": _("campaigns merged"),
        "case.exported": _("case exported"),
        "labels.exported": _("labels exported"),
        "audit.exported": _("audit log downloaded"),
        "hold.placed": _("legal hold placed"),
        "hold.released": _("legal hold released"),
        "person.added": _("person added"),
        "person.scopes_set": _("rights of a person changed"),
        "person.language_set": _("language of a person changed"),
        "person.link_made": _("link to choose a password made"),
        "person.password_set": _("password changed"),
        "person.code_required": _("telephone code required"),
        "person.code_dropped": _("telephone code no longer required"),
        "person.signed_in": _("signed in"),
        "person.refused": _("wrong password or code"),
        "person.locked_out": _("locked out after wrong attempts"),
        "actor.disabled": _("shut out"),
        "actor.enabled": _("let in again"),
        "link.made": _("link to sign in made"),
        "session.begun": _("session begun"),
        "session.ended": _("session ended"),
        "key.created": _("key made"),
        "key.used": _("key used"),
        "key.refused": _("key refused"),
        "key.ends": _("end of a key set"),
        "key.revoked": _("key revoked"),
        "organisation.added": _("organisation added"),
        "reading.granted": _("reading granted to another organisation"),
        "reading.ended": _("reading by another organisation ended"),
        "guidance.set": _("text on what to do next changed"),
        "operating_point.set": _("operating point changed"),
        "model.live": _("another model put to work"),
        "webhook.added": _("webhook added"),
        "webhook.tested": _("webhook tested"),
        "webhook.disabled": _("webhook switched off"),
        "webhook.removed": _("webhook removed"),
        "delivery.dead": _("delivery given up"),
        "delivery.retried": _("delivery tried again"),
        "told.removed": _("old events removed"),
        "store_key.rotated": _("key of the store changed"),
    }
