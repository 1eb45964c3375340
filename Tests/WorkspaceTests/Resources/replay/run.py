"""Starts the program of that name beside this file, as the engine's run.py does."""

import os
import runpy
import sys

runpy.run_path(os.path.join(sys.path[0], sys.argv.pop(1) + ".py"), run_name="__main__")
