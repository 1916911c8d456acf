"""Where the data that ships with the adapter lies: in the source tree, or inside the installed wheel.

`profiles/`, `mappings/` and the demo's samples lie beside the package in the tree, in `adapter/_data/` in the wheel.
"""

from pathlib import Path

from adapter.base.errors import SetupError

_PACKAGE = Path(__file__).resolve().parent.parent
_TREE = {"mappings": "mappings", "profiles": "profiles", "samples": "examples/samples"}


def shipped(name: str) -> Path:
    """Return the folder of shipped data called `name`: "mappings", "profiles" or "samples".

    Raises:
        SetupError: the installation is incomplete.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / _TREE[name]):
        if folder.is_dir():
            return folder
    raise SetupError(f"the shipped folder {name!r} is missing: reinstall second-opinion-adapter")
