"""What mdBook calls: ``mdbook-course supports html``, then the book on standard input, and back on standard output."""

import json
import sys

from course.errors import CourseError


def main() -> None:
    """Run as a preprocessor; a mistake of the author's is one message on standard error, status 1."""
    if len(sys.argv) > 1 and sys.argv[1] == "supports":
        sys.exit(0 if sys.argv[2:] in (["html"], ["markdown"]) else 1)
    from course.site import chapters  # only now: mdBook asks the question above first, and waits

    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    # nbformat imports jsonschema, and that a grammar of addresses, if it is there: most of a second, and no use here.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        context, whole = json.load(sys.stdin)
        written = chapters.processed(context, whole)
    except CourseError as error:
        sys.exit(f"mdbook-course: {error}")
    except ValueError:
        sys.exit(
            "mdbook-course is called by mdBook, which hands it the book: run `course site` or `mdbook build`."
        )
    json.dump(written, sys.stdout)
