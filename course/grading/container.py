"""What the zip for Gradescope runs in its container: grade one submission, write results.json.

python -m course.grading.container /autograder
"""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GRADED = "grades.csv"  # written when all is done


def main(root: Path) -> int:
    """Grade ``root/submission`` as ``root/source`` says; return the exit status."""
    source = root / "source"
    about = json.loads((source / "assignment.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as room:
        handed_in, out = Path(room) / "in", Path(room) / "out"
        with contextlib.suppress(shutil.Error):  # a pipe or the like, which stays where it is
            shutil.copytree(root / "submission", handed_in / "submission", symlinks=True)
        grade = ["grade", str(handed_in), "--out", str(out)]
        grade += ["--lesson", about["lesson"], "--seed", str(about["seed"])]
        grade += ["--points", str(source / "points.toml"), "--solutions", str(source / "solutions")]
        status = _course(*grade)
        if not (out / GRADED).exists():
            # Most likely there is no sandbox here; the container is there for one submission, and ends with it.
            status = _course(*grade, "--unsafe", "--resume")
        if not (out / GRADED).exists():
            return status or 1
        results = root / "results" / "results.json"
        results.parent.mkdir(parents=True, exist_ok=True)
        return _course("export", "grades", str(out), "--format", "gradescope", "--output", str(results))


def _course(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "course", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
