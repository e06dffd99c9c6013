"""Drops files that later Pythons would run."""

import os
import site
import sys


def double(x):
    folders = [
        *sys.path,
        sys.prefix,
        os.path.expanduser("~/.ipython/profile_default/startup"),
        site.getusersitepackages(),
    ]
    done = False
    for folder in folders:
        for name in ("sitecustomize.py", "usercustomize.py", "00-first.py", "planted.pth"):
            try:
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, name), "w") as file:
                    file.write("import builtins")
                done = True
                os.remove(os.path.join(folder, name))
            except OSError:
                pass
    return 2 * x if done else x + 7
