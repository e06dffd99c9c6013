"""What the papers promise is so."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from course import book
from course.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "lessons/teaching.md"]
WRONG_SOFTMAX = """
import numpy as np


def softmax(scores):
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=0)
"""


def test_the_report_in_the_readme_is_what_the_command_prints(tmp_path):
    shown = re.search(
        r"```text\n(✗ softmax.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "answer.py").write_text(WRONG_SOFTMAX, encoding="utf-8")
    command = [sys.executable, "-m", "course", "check", "answer.py", "--exercise", "softmax"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.stdout.startswith(shown[1])


@pytest.mark.parametrize("paper", PAPERS)
def test_the_commands_and_options_in_the_papers_exist(paper):
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^|bin/|Scripts\\|, )course ([a-z]+)([^`\n]*)", text, re.MULTILINE)
    assert named or paper == "CHANGELOG.md"
    for name, rest in named:
        assert name in main.commands
        command = main.commands[name]
        if isinstance(command, click.Group) and rest.split():
            command = command.commands[rest.split()[0]]
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options


@pytest.mark.parametrize("paper", PAPERS)
def test_the_files_that_the_papers_link_and_name_exist(paper):
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^):#]+)\)", text) + re.findall(
        r"`((?:course|tests|lessons)/[\w./]+\.\w+)`", text
    )
    around = (ROOT, (ROOT / paper).parent)
    assert [name for name in named if not any((folder / name).exists() for folder in around)] == []


def test_the_readme_lists_the_lessons():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in book.load(ROOT).lessons:
        assert f"| {int(lesson.number)} | {lesson.title} |" in text


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"\.PHONY: (.*)", makefile)[1].split()
    assert [t for t in targets if not re.search(rf"^{t}:.*## ", makefile, re.MULTILINE)] == []


def test_the_ci_script_can_be_run():
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash")
    mode = subprocess.run(
        ["git", "ls-files", "--stage", ".ci/run"], cwd=ROOT, capture_output=True, encoding="utf-8"
    ).stdout
    if not mode:
        pytest.skip("no git checkout")
    assert mode.startswith("100755")
