#!/usr/bin/env python3
"""Kills the server under load, over and over, and checks that it kept every promise it made.

    kill_loop.py BINARY [--rounds 20] [--writers 16] [--seed N] [--check-every 1]

It judges by itself: what the books must hold comes from its own journal. Each round

1. writers record, approve, cancel, pay and refund disbursements, each request with a key of its
   own that is in the journal before it is sent;
2. after 0.2 to 1.5 s the server is killed, and in one round of four killed again as it starts;
3. `verify` must find nothing wrong with a copy of what the kill left behind;
4. the server must be ready again within 2 s;
5. each request that had no answer is sent again with its key, and must be accepted;
6. each record, and the fund's sums, must be as the journal says;
7. a sample of the answered ones is sent again: the same bytes must come, marked as a replay.

The seed fixes what is sent and when the kill comes, not how the threads interleave. On a violation
the exit status is 1 and the folder with database, journal and server log is kept.
"""

import argparse
import http.client
import pathlib
import random
import secrets
import shutil
import sys
import tempfile
import time

from loop_load import Findings, Load
from loop_oracle import Broken, Program
from loop_server import Server

READY_WITHIN = 2.0  # seconds from start to ready, after a kill
LOAD_SECONDS = (0.2, 1.5)
PROGRAMS = (
    Program("four-eyes", "kill-loop", "four_eyes"),
    Program("no-approval", "kill-loop", "none"),
)


class Run:
    """The kills, and what must hold after each."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir()
        self.server = Server(options.binary, folder, settings(self.data))
        self.findings = Findings()
        self.load = Load([self.server], PROGRAMS, folder, options.writers, self.findings)
        self.rounds = 0
        self.worst_ready = 0.0

    def prepare(self):
        self.load.make_users()
        self.server.start()
        self.load.sign_in()
        self.load.make_books()

    def verify(self, when):
        """`verify` must find nothing wrong with a copy of the books."""
        copy = self.folder / "copy"
        shutil.copytree(self.data, copy)
        fault = self.server.verify(settings(copy))
        shutil.rmtree(copy)
        if fault:
            self.findings.violation(f"verify {when}: {fault}")

    def round(self, number):
        load = self.load
        rng = random.Random(f"{self.options.seed}/{number}")
        sent, answered, unknown = load.sent, len(load.answered), load.unknown
        load.sign_in()
        load.start(f"{self.options.seed}/{number}")
        seconds = rng.uniform(*LOAD_SECONDS)
        time.sleep(seconds)
        load.ended.set()
        self.server.kill()
        load.stop()
        answered, unknown = len(load.answered) - answered, load.unknown - unknown

        if rng.random() < 0.25:
            self.server.spawn()
            time.sleep(rng.uniform(0, 0.2))
            self.server.kill()
        self.verify("after the kill")
        ready = self.server.start()
        self.worst_ready = max(self.worst_ready, ready)
        if ready > READY_WITHIN:
            self.findings.violation(f"ready after {ready:.2f} s, not {READY_WITHIN} s")
        happened = load.retry(rng)
        if number % self.options.check_every == 0:
            load.compare()
        load.replay(rng)
        print(
            f"round {number}: killed after {seconds:.2f} s, {load.sent - sent} sent, "
            f"{answered} acknowledged, {unknown} unknown ({happened} had happened), "
            f"ready in {ready:.2f} s",
            flush=True,
        )

    def play(self):
        self.prepare()
        for number in range(1, self.options.rounds + 1):
            self.round(number)
            self.rounds = number
            if self.findings.violations:
                break
        self.load.compare()
        status = self.server.stop()
        if status != 0:
            self.findings.violation(f"asked to end, the server left with {status}")
        self.verify("at the end")

    def summary(self):
        load, findings = self.load, self.findings
        return (
            f"kill loop: seed {self.options.seed}, {self.rounds} rounds, "
            f"{load.sent} operations, {len(load.answered)} acknowledged, "
            f"{load.unknown} once unknown, {findings.lost} lost, {findings.doubled} doubled, "
            f"{findings.violations} violations, worst time to ready {self.worst_ready:.2f} s"
        )


def settings(data):
    return {"DATABASE_URL": f"sqlite://{data / 'books.db'}"}


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=lambda path: str(pathlib.Path(path).resolve(strict=True)))
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--check-every", type=int, default=1, help="rounds between comparisons")
    return parser.parse_args()


def main():
    chosen = options()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kill-loop-"))
    print(f"kill loop: seed {chosen.seed}", flush=True)
    run = Run(chosen, folder)
    try:
        run.play()
    except (Broken, OSError, http.client.HTTPException) as error:
        run.findings.violation(repr(error))
    finally:
        run.server.end()
    print(run.summary())
    if run.findings.violations:
        print(f"kept for a look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
