"""The OpenCC character dictionaries."""

FILES = (
    "TSCharacters", "STCharacters", "HKVariants", "HKVariantsRev", "TWVariants",
    "TWVariantsRev", "JPShinjitaiCharacters", "JPShinjitaiCharactersRev",
)


def load(folder):
    """File name -> {char: [targets, first is the usual one]}."""
    return {name: _read(folder / f"{name}.txt") for name in FILES}


def _read(path):
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, _, targets = line.partition("\t")
            if len(source) == 1:
                table[source] = [target for target in targets.split() if len(target) == 1]
    return table
