"""Every way ScamScreen can fail on purpose.

    ScamScreenError
      ArtifactError
        ArtifactNotFoundError       no artefact folder, or a file of it is absent
        ArtifactCorruptError        a file is not the one the manifest names
        ArtifactIncompatibleError   made for another schema or taxonomy
      InputError                    the user's file or request cannot be read
      DeviceError                   a graphics processor, or several processes, cannot be used
      NotFiniteError                the network computed what is no number
      DocumentError                 one document cannot be screened; carries a code
      TrainingDataError             training data breaks a rule (format, labels, leaks)
      RecipeError                   a training recipe is incomplete or wrong

Messages say what was expected, what was found and what to do. They never repeat a text.
"""


class ScamScreenError(Exception):
    """Base of all errors raised on purpose."""


class ArtifactError(ScamScreenError):
    """The model artefact cannot be used."""


class ArtifactNotFoundError(ArtifactError):
    """The artefact folder or one of its files is absent."""


class ArtifactCorruptError(ArtifactError):
    """A file of the artefact differs from what its manifest promises."""


class ArtifactIncompatibleError(ArtifactError):
    """The artefact was made for another schema, taxonomy or shape."""


class InputError(ScamScreenError):
    """A file or request cannot be read."""


class DocumentError(ScamScreenError):
    """One document cannot be screened; the rest of its batch can.

    Attributes:
        code: machine-readable reason: `empty_text`, `text_too_long`, `invalid_text`, `invalid_document`,
            `unreadable_row`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DeviceError(ScamScreenError):
    """What a library would compute on is not there or cannot be used: a graphics processor, processes."""


class NotFiniteError(ScamScreenError):
    """The network computed what is no number: nothing that it says may be used."""


class RedactionError(ScamScreenError):
    """What to take out of a text, or how, is not possible."""


class TrainingDataError(ScamScreenError):
    """Training data breaks a rule of its format."""


class RecipeError(ScamScreenError):
    """A training recipe is incomplete or names something unknown."""
