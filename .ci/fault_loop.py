#!/usr/bin/env python3
"""Breaks PostgreSQL under load, in every way it can break, and checks what two servers make of it.

    fault_loop.py BINARY [--faults stop,stall,cut:100,…] [--rounds 10] [--seed N] [--json]
                  [--pgbouncer] [--writers 8]

Needs PostgreSQL's programs (of the newest version under /usr/lib/postgresql, or of the folder that
SANGSAENG_TEST_PG_BIN names) and, for --pgbouncer, PgBouncer; as root also a user `postgres`. The
clusters are its own: on free ports of the loopback, in memory where it can be, gone with the run.

Two servers share a database; the load goes to both, over several funds and programs. It judges by
itself: what the books must hold comes from its own journal. Each round, a fault strikes under load:

    stop         the database dies and comes back after 1 to 3 s
    stall        every process of it stands still for 3 to 10 s
    cut          connections are lost, one or all, at any moment
    drop-commit  the connection is lost at a COMMIT: before it, after it, or nobody knows
    restart      the database is restarted in good order
    promote      the primary dies, and a synchronous standby takes over
    server-kill  one of the servers is killed and started again
    calm         nothing: for a trial, or through PgBouncer

1. every answer comes within 2 s, and is right, or 503 with Retry-After;
2. /livez is 200 at any time, /readyz is 503 while the database is away;
3. each server is healthy at most 5 s after the database is: ready, writing, refusing nothing;
4. each request without an outcome is sent again with its key, and is accepted;
5. many reads at once succeed: the pool is whole;
6. of racers for a budget, exactly as many were approved as it allows, over both servers;
7. each record, and the sums of each fund, are as the journal says: nothing lost, nothing doubled;
8. a sample of the answered requests is sent again: the same bytes, marked as a replay;
9. `verify` finds nothing.

With --pgbouncer the servers reach the database through PgBouncer in transaction mode, with their
statement cache off. The seed fixes what is sent and which faults strike, not how the threads
interleave. On a violation the exit status is 1 and the folder with journal and logs is kept.
"""

import argparse
import dataclasses
import http.client
import json
import pathlib
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time

from fault_cluster import DATABASE, Cluster, PgBouncer
from fault_proxy import Handle
from fault_strikes import FAULTS, NEEDS_STANDBY
from fault_watch import HEALTHY_WITHIN, WatchedLoad
from loop_load import Findings
from loop_oracle import Api, Broken, Program, Record, creation, step
from loop_server import Server, free_port

ROUNDS_OF_ONE_STAGE = 25  # then a fresh database: comparing all of it takes longer each round
BEFORE = (0.3, 1.0)  # seconds of load before the fault
RACERS = 24  # records that race for the budget of a round
RACES = 4  # threads that approve them
RACE_PAUSE = 0.5  # seconds between two of a thread, at most

PROGRAMS = tuple(
    Program(f"{fund}-{approval.replace('_', '-')}", fund, approval)
    for fund in ("north", "east", "south")
    for approval in ("four_eyes", "none")
)


@dataclasses.dataclass
class Row:
    """What the rounds of one fault came to."""

    fault: str
    rounds: int = 0
    strikes: int = 0
    requests: int = 0
    unknown: int = 0
    happened: int = 0
    lost: int = 0
    doubled: int = 0
    violations: int = 0
    worst_answer: float = 0.0  # while the fault was on
    time_to_healthy: float = 0.0  # the worst

    def add(self, strikes, requests, unknown, happened, worst_answer, healthy):
        self.rounds += 1
        self.strikes += strikes
        self.requests += requests
        self.unknown += unknown
        self.happened += happened
        self.worst_answer = max(self.worst_answer, worst_answer)
        self.time_to_healthy = max(self.time_to_healthy, healthy)


class Stage:
    """A cluster, two servers on it, and the load."""

    def __init__(self, options, folder, findings):
        self.options = options
        self.folder = folder
        self.findings = findings
        self.cluster = Cluster()
        self.proxy = self.bouncer = None
        self.servers = []
        self.budgets = []
        self.rounds = 0

    def prepare(self):
        self.proxy = Handle(free_port(), self.cluster.primary.port)
        port, settings = self.proxy.port, {}
        if self.options.pgbouncer:
            self.bouncer = PgBouncer(self.cluster, port)
            port, settings = self.bouncer.port, {"SANGSAENG_STATEMENT_CACHE": "off"}
        settings |= {
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{port}/{DATABASE}",
            "SANGSAENG_KEY_DIR": str(self.folder / "keys"),
        }
        self.servers = [
            Server(self.options.binary, self.folder, settings, name) for name in ("one", "two")
        ]
        made = self.servers[0].command("keys", "init", str(self.folder / "keys"))
        if made.returncode != 0:
            raise Broken(f"keys init: {made.stdout}")
        self.load = WatchedLoad(
            self.servers, PROGRAMS, self.folder, self.options.writers, self.findings
        )
        self.load.make_users()
        for server in self.servers:
            server.start()
        self.load.sign_in()
        self.load.make_books()

    def budget(self, rng):
        """A fund that not all of its records fit into, and how many do."""
        fit, amount = rng.randint(RACERS // 4, RACERS // 2), rng.randint(2, 1000)
        code, allocated = f"budget-{self.rounds}", fit * amount + rng.randrange(amount)
        program = Program(code, code, "four_eyes", allocated)
        self.budgets.append(program)
        self.load.make_fund(program.fund, [program])
        racers = []
        for _ in range(RACERS):
            record = Record(f"{rng.getrandbits(128):032x}", program, amount)
            operation = creation(record, rng)
            self.load.settle(operation, self.load.send(self.load.any_api(rng), operation), rng)
            racers.append(step(f"{rng.getrandbits(128):032x}", record, "approve", None))
        return racers, fit

    def race(self, rng, racers):
        """Approves one after the other, all within the round."""
        apis = [(server, Api(server.port)) for server in self.servers]
        for operation in racers:
            self.load.ask(apis, operation, rng)
            self.load.ended.wait(rng.uniform(0, RACE_PAUSE))

    def round(self, row):
        """One fault and its judgement, added to its row."""
        load, number = self.load, row.rounds + 1
        seed = f"{self.options.seed}/{row.fault}/{number}"
        rng = random.Random(seed)
        sent, unknown = load.sent, load.unknown
        self.rounds += 1
        load.sign_in()
        if row.fault in NEEDS_STANDBY:
            self.cluster.add_standby()
        racers, fit = self.budget(rng)
        load.start(seed)
        for part in range(RACES):
            own = random.Random(f"{seed}/race/{part}")
            load.run(self.race, own, racers[part::RACES])
        time.sleep(rng.uniform(*BEFORE))
        window = FAULTS[row.fault](self, rng)
        healthy = load.wait_until_healthy(window.up)
        load.stop()
        if healthy > HEALTHY_WITHIN:
            self.findings.violation(f"not healthy within {HEALTHY_WITHIN} s")
        worst = load.judge(window)
        happened = load.retry(rng)
        self.check(rng, racers, fit)
        sent, unknown = load.sent - sent, load.unknown - unknown
        row.add(window.strikes, sent, unknown, happened, worst, healthy)
        print(
            f"{row.fault} {number}: {window.strikes} strikes in {window.up - window.began:.1f} s, "
            f"{sent} sent, {unknown} unknown ({happened} had happened), "
            f"worst answer {worst:.2f} s, healthy after {healthy:.2f} s",
            flush=True,
        )

    def check(self, rng, racers, fit):
        """What must hold when every request has its outcome."""
        load = self.load
        load.check_pool()
        approved = sum(operation.answer is not None for operation in racers)
        if approved != fit:
            self.findings.violation(f"{approved} were approved where the budget allows {fit}")
        load.compare([*PROGRAMS, *self.budgets])
        load.replay(rng)
        if fault := self.servers[0].verify():
            self.findings.violation(f"verify: {fault}")

    def end(self):
        for server in self.servers:
            server.end()
        for helper in (self.bouncer, self.proxy, self.cluster):
            if helper:
                helper.end()


class Run:
    """All rounds, on one fresh database after the other."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.findings = Findings()
        self.rows = []
        self.stages = 0
        self.stage = None

    def play(self):
        for fault, rounds in self.options.faults:
            row = Row(fault)
            self.rows.append(row)
            for _ in range(rounds or self.options.rounds):
                self.round(row)
        self.leave()

    def round(self, row):
        findings = self.findings
        before = (findings.lost, findings.doubled, findings.violations)
        try:
            self.enter()
            self.stage.round(row)
        except (Broken, OSError, http.client.HTTPException) as error:
            findings.violation(f"{row.fault}: {error!r}")
            self.leave()
        row.lost += findings.lost - before[0]
        row.doubled += findings.doubled - before[1]
        row.violations += findings.violations - before[2]

    def enter(self):
        """Sees to it that there is a stage on which some rounds can be played."""
        if self.stage and self.stage.rounds == ROUNDS_OF_ONE_STAGE:
            self.leave()
        if not self.stage:
            self.stages += 1
            own = self.folder / f"stage-{self.stages}"
            own.mkdir()
            self.stage = Stage(self.options, own, self.findings)
            self.stage.prepare()

    def leave(self):
        if self.stage:
            stage, self.stage = self.stage, None
            stage.end()


def table(rows):
    """The rows in words, aligned."""
    names = [field.name for field in dataclasses.fields(Row)]
    lines = [[name.replace("_", " ") for name in names]]
    for row in rows:
        values = dataclasses.astuple(row)
        lines.append([f"{v:.2f} s" if isinstance(v, float) else str(v) for v in values])
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths)) for line in lines
    )


def chosen_faults(text):
    """`stop,cut:100` as faults with their rounds, where they have any of their own."""
    chosen = []
    for part in text.split(","):
        fault, _, rounds = part.partition(":")
        if fault not in FAULTS:
            raise argparse.ArgumentTypeError(f"{fault} is none of {', '.join(FAULTS)}")
        chosen.append((fault, int(rounds) if rounds else None))
    return chosen


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=lambda path: str(pathlib.Path(path).resolve(strict=True)))
    parser.add_argument("--faults", type=chosen_faults, help="such as stop,cut:100; default: all")
    parser.add_argument("--rounds", type=int, default=10, help="of each fault")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--pgbouncer", action="store_true", help="PgBouncer in between")
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    chosen = parser.parse_args()
    if chosen.faults is None:
        all_of_them = "calm" if chosen.pgbouncer else ",".join(f for f in FAULTS if f != "calm")
        chosen.faults = chosen_faults(all_of_them)
    return chosen


def main():
    chosen = options()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: sys.exit("ended before it was done"))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fault-loop-"))
    print(f"fault loop: seed {chosen.seed}", flush=True)
    run = Run(chosen, folder)
    try:
        run.play()
    finally:
        run.leave()
    if chosen.json:
        value = {"seed": chosen.seed, "faults": [dataclasses.asdict(row) for row in run.rows]}
        print(json.dumps(value, indent=2))
    else:
        print(table(run.rows))
    if run.findings.violations:
        print(f"kept for a look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
