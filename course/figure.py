"""Show a figure together with words that say what is to be seen in it."""

import io
import sys

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

DPI = 144  # two pixels of the picture for one of the page, so that it is sharp on a phone


class Shown:
    """A figure on the page; ``update`` replaces it, which is how a slider moves a figure."""

    def __init__(self, handle):
        self._handle = handle

    def _ipython_display_(self) -> None:
        """Show nothing more when a cell ends in ``show(...)``: the figure is there already."""

    def update(self, fig: Figure, alt: str) -> None:
        """Put another figure, with its own words, in this one's place."""
        bundle, metadata = _bundle(fig, alt)
        if self._handle is not None:
            self._handle.update(bundle, metadata=metadata, raw=True)


def show(fig: Figure, alt: str) -> Shown:
    """Display ``fig`` and close it.

    Args:
        fig: the figure.
        alt: one sentence that states its finding, for readers who can't see it; it is also the stored text output.

    Returns:
        A handle whose ``update(fig, alt)`` replaces the picture.
    """
    bundle, metadata = _bundle(fig, alt)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or getattr(shell, "kernel", None) is None:
        print(bundle["text/plain"])
        return Shown(None)
    from IPython.display import display

    return Shown(display(bundle, metadata=metadata, raw=True, display_id=True))


def _bundle(fig: Figure, alt: str) -> tuple[dict, dict]:
    picture = io.BytesIO()
    fig.savefig(picture, format="png", dpi=DPI, bbox_inches="tight")
    plt.close(fig)
    width = int.from_bytes(picture.getvalue()[16:20], "big") // 2  # from the PNG's header
    data = {"image/png": picture.getvalue(), "text/plain": f"Figure: {alt}"}
    return data, {"image/png": {"alt": alt, "width": width}}
