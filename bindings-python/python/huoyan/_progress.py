"""The progress bar of `progress=True`."""

from __future__ import annotations

from typing import Any


def bar(total: int | None) -> Any:
    """A bar of tqdm that counts texts."""
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError(
            "progress=True needs tqdm: pip install 'huoyan[progress]'"
        ) from error
    return tqdm(total=total, unit=" texts", unit_scale=True)
