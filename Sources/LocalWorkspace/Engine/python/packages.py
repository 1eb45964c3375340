"""What `%pip install` installs: a layer of the workspace's own over the engine's Python packages, which stay as they
are.
"""

import os
import subprocess
import sys
import sysconfig
import venv


class Packages:
    """A virtual environment in the workspace that sees the engine's packages too, so that pip installs only what is not
    there.
    """

    def __init__(self, folder):
        self.folder = folder
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        self.site_packages = os.path.join(folder, "lib", version, "site-packages")
        self.python = os.path.join(folder, "bin", "python")

    def put_on_path(self):
        """Makes its packages importable, before the engine's; it need not exist yet."""
        if self.site_packages not in sys.path:
            sys.path.insert(0, self.site_packages)

    def pip(self, arguments):
        """Runs pip with these words; its status. Output goes where the process's goes."""
        if not os.path.exists(self.python):
            venv.EnvBuilder(with_pip=False).create(self.folder)
            with open(os.path.join(self.site_packages, "engine.pth"), "w", encoding="utf-8") as file:
                file.write(sysconfig.get_paths()["purelib"] + "\n")
        line = [self.python, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
        return subprocess.run(line, check=False).returncode
