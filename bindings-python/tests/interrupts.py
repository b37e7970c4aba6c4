"""Ctrl-C while something is at work."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest


def seconds_to_interrupt(after: float, work: Callable[[], object]) -> float:
    """How long `work` goes on after Ctrl-C, which comes `after` seconds and must end it."""
    # A shell's background job ignores the signal from the start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sent: list[float] = []

    def interrupt() -> None:
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        work()
    ended = time.monotonic()
    timer.join()
    return ended - sent[0]
