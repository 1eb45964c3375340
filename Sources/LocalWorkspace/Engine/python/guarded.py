"""Processes that end with the worker: the contexts' Pythons, should the server be killed."""

import os
import signal


class Guarded:
    """By process id."""

    def __init__(self):
        self._descriptors = {}

    def add(self, process):
        try:
            self._descriptors[process] = os.pidfd_open(process)
        except ProcessLookupError:
            pass

    def remove(self, process):
        descriptor = self._descriptors.pop(process, None)
        if descriptor is not None:
            os.close(descriptor)

    def end(self):
        """Kills their process groups."""
        for process, descriptor in list(self._descriptors.items()):
            # The descriptor tells whether the process is still the one we were told of, and not a later one of the same
            # number.
            try:
                signal.pidfd_send_signal(descriptor, 0)
                os.killpg(process, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
