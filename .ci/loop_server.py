"""The program under test, as the loops start it, end it and ask it."""

import http.client
import os
import signal
import socket
import subprocess
import time

from loop_oracle import GIVE_UP_AFTER, Api, Broken

STOP_WITHIN = 10.0  # seconds from SIGTERM to the end


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """One instance, with settings and a folder of its own."""

    def __init__(self, binary, folder, settings, name="server"):
        self.binary = binary
        self.folder = folder
        self.settings = settings
        self.name = name
        self.log = open(folder / f"{name}.log", "ab")
        self.process = None
        self.port = free_port()
        self.gone = False  # killed on purpose, and not ready again
        self.spawned = 0.0

    def environment(self, settings):
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "SANGSAENG_LISTEN": f"127.0.0.1:{self.port}",
            **settings,
        }

    def command(self, *arguments, settings=None, stdin=""):
        """Runs one command of the program to its end."""
        return subprocess.run(
            [self.binary, *arguments],
            env=self.environment(settings or self.settings),
            cwd=self.folder,
            input=stdin,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def spawn(self):
        """Starts it. It ends with this process, however that ends."""
        self.spawned = time.monotonic()
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", self.binary, "serve"],
            env=self.environment(self.settings),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def start(self):
        """Starts it and waits until it is ready; the seconds that took."""
        began = time.monotonic()
        self.spawn()
        while time.monotonic() - began < GIVE_UP_AFTER:
            if self.process.poll() is not None:
                raise Broken(f"the server ended with {self.process.returncode} as it started")
            try:
                if Api(self.port).call("GET", "/readyz").status == 200:
                    self.gone = False
                    return time.monotonic() - began
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.01)
        raise Broken(f"the server is not ready after {GIVE_UP_AFTER} s")

    def owes_nothing(self, api):
        """Whether no answer can come over that connection: whoever had it was killed."""
        return self.gone or api.opened < self.spawned

    def kill(self):
        self.gone = True
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        """Kills it if it still runs."""
        if self.process and self.process.poll() is None:
            self.kill()
        self.log.close()

    def stop(self):
        """Asks it to end; its exit status."""
        self.gone = True
        self.process.terminate()
        try:
            return self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            return f"nothing within {STOP_WITHIN} s"

    def verify(self, settings=None):
        """What `verify` says, or None when it finds nothing."""
        done = self.command("verify", settings=settings)
        return None if done.returncode == 0 else f"exit {done.returncode}: {done.stdout}"
