"""
The process that the others are forked from, with everything loaded: each is there in a few milliseconds.

It is told on a socket, one message for each process: ``["worker", settings]`` or ``["union"]``, and the two file
descriptors that will be its stdin and stdout. It answers with the process id.
"""

import importlib
import json
import os
import signal
import socket
import sys
from typing import Any


def become(role: str, *settings: Any) -> None:
    """Be one process, from its beginning to its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    programs[role].main(*settings)
    sys.stdout.flush()


programs: dict[str, Any] = {role: importlib.import_module(role) for role in ("worker", "union")}

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for those that end
    told = socket.socket(fileno=int(sys.argv[1]))
    while True:
        message, descriptors, _, _ = socket.recv_fds(told, 65_536, 2)
        if not message:
            break
        child = os.fork()
        if not child:
            told.close()
            for number, descriptor in enumerate(descriptors):
                os.dup2(descriptor, number)
                os.close(descriptor)
            try:
                become(*json.loads(message))
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)
        told.send(str(child).encode())
