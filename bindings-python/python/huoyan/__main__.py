"""The command line: `huoyan …` and `python -m huoyan …`."""

from __future__ import annotations

import signal
import sys

from huoyan import _native


def main() -> int:
    """Runs the command line with the arguments of this process."""
    # The program does not come back to Python while it runs, so that Python's
    # own way with Ctrl-C would not work.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout.flush()
    return _native.main(["huoyan", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
