"""What the processes of these tests do alike: rename a group, and die (-9) at a step."""

import os
import signal
from collections.abc import Callable
from types import ModuleType

from django.db import connections

from groups.models import GroupPage


def rename(old: str, new: str) -> str:
    page = GroupPage.objects.get(title=old)
    page.title = new
    page.save_revision().publish()
    return "done"


def die_at(module: ModuleType, name: str, when: str) -> Callable:
    """Have this process killed just before or just after the call named; returns what is called in its place."""
    usual = getattr(module, name)

    def deadly(*args, **kwargs):
        if when == "after":
            usual(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, deadly)
    return deadly


def in_a_fork(work: Callable[[], object]) -> str:
    """Do something in a fork of this process: "killed" or "lived"."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    return "killed" if os.WIFSIGNALED(status) else "lived"
