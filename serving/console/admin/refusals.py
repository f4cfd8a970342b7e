"""Why something was not done, in words."""

from collections.abc import Mapping

from serving.console.languages import Language


def refusals(language: Language) -> Mapping[str, str]:
    """Return what is said for each code, and nothing for the empty one."""
    _ = language.text
    return {
        "": "",
        "name": _("A name has up to 80 letters, digits, blanks and . @ - _, and begins with a letter."),
        "taken": _("This name is taken. Choose another."),
        "key_taken": _("This program has a key that works: replace that one, or choose another name."),
        "scopes": _("Tick at least one thing they may do."),
        "password": _("A password has at least 12 characters; several words are a good one."),
        "differ": _("The two passwords differ. Nothing was changed."),
        "wrong_password": _(
            "That is not your present password. Nothing was changed. "
            "After five wrong attempts an account rests for 15 minutes."
        ),
        "wrong_code": _(
            "That is not the code that the telephone shows now. Nothing was changed. "
            "Is the clock of the telephone right?"
        ),
        "old_code": _("That took too long: begin again. Nothing was changed."),
        "old_link": _(
            "This link was used already, is too old, or was replaced by a newer one. Ask for another."
        ),
        "sure": _("Tick that you are sure. Nothing was changed."),
        "yourself": _("Nobody shuts themselves out: ask another administrator."),
        "last_admin": _("They are the last who may administer: let somebody else do so first."),
        "limits": _("Limits are written as 600/minute; 50000/day."),
        "organisation": _("A prefix has 2 to 8 letters from A to Z; name and prefix must be free."),
        "grant": _("Choose two different organisations."),
        "no_report": _("There is no such report, or it was purged already."),
        "why": _("Say why, in a few words."),
        "until": _("The last day lies in the past, or is none."),
        "too_long": _("A text has at most 4,000 characters. Nothing was changed."),
        "not_as_described": _("That could not be read. Nothing was changed."),
    }
