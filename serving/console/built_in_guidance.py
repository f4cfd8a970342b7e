"""What people are told to do next where their organisation has not written anything of its own."""

from collections.abc import Mapping

from serving.console.languages import Language


def built_in_guidance(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Return the steps of each topic."""
    _ = language.text
    return {
        "person_at_risk": (
            _("Acknowledge it now, so that others know that somebody is on it."),
            _("Contact nobody unless it is marked safe: an answer on a watched telephone can bring harm."),
            _(
                "Follow your organisation's procedure for persons at risk. "
                "If a child is concerned or the danger is immediate, call your duty officer."
            ),
            _(
                "Do not treat the person as a suspect because of what the text shows: "
                "many are forced to send it."
            ),
        ),
        "loss_report": (
            _(
                "Banks can hold a transfer in the first hours only: "
                "tell the bank or the national line for online fraud now (Thailand: 1441)."
            ),
            _("Write down the accounts, amounts and times that stand in the text."),
            _("Whoever offers to get the money back for a fee is likely to be part of the fraud."),
        ),
        "child_abuse_material": (
            _("Do not open, copy, print or send it again, and show it to nobody."),
            _("Leave it sealed. Write down its case number, when it came and from where, and nothing of it."),
            _(
                "Tell your duty officer now. The police unit for crimes against children takes it over "
                "(Thailand: TICAC; 191 if a child is in danger at this moment)."
            ),
            _("Do not ask whoever sent it for more, and ask them to pass it on to nobody."),
            _("If it stays with you, talk to somebody you trust. Nobody has to carry this alone."),
        ),
    }
