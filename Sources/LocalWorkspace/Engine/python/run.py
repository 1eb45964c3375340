"""Runs a program of the engine. Usage: run.py worker|context|connect|train ARGUMENT…

The modules beside this file belong to a package, and their folder is not on the path: a user's own errors.py or session.py
is found, and not ours.
"""

import importlib
import os
import sys
from types import ModuleType

# Python puts the folder of the program first.
del sys.path[0]
package = sys.modules["dbsh_engine"] = ModuleType("dbsh_engine")
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
program = sys.argv.pop(1)
importlib.import_module("dbsh_engine." + program).main()
