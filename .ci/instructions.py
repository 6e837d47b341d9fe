#!/usr/bin/env python3
"""Counts the instructions of the work that has to stay cheap, and holds them against those kept.

    instructions.py BINARY [--keep]

The server runs under valgrind's callgrind on an embedded database, alone and asked by one caller, so
that the count is nearly the same each time, however busy the machine. Counted are one disbursement
recorded, one overview report, one that was told before and an import of 1,000 rows, each with everything that belongs to it:
HTTP, sign-in, rules, log, sums, commit. What has grown by more than MARGIN fails; `--keep` writes the
counts down in instructions.json instead. They belong to one build: with another compiler the new
counts are shown, and nothing fails.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

KEPT = pathlib.Path(__file__).with_name("instructions.json")
MARGIN = 0.10
TIMES = 20  # of what is done one by one: a part of a count is work that comes with time
ROWS = 1_000
PATIENCE = 300.0  # seconds for the server to start or an import to end; longer is a hang
PASSWORD = "three blue mandarins"
EMAIL = "counted@books.example"
BEGAN = "2022-04-01"


class Server:
    """The program under callgrind."""

    def __init__(self, binary, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite://{folder}/books.db",
            "SANGSAENG_LISTEN": f"127.0.0.1:{self.port}",
        }
        user = [binary, "user", "create", "--email", EMAIL, "--password-stdin"]
        subprocess.run(
            user + ["--role", "manager", "--role", "officer"],
            env=environment, input=PASSWORD, text=True, check=True, capture_output=True,
        )
        self.log = open(folder / "server.log", "wb")
        self.process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/counts",
             binary, "serve"],
            env=environment, cwd=folder, stdout=self.log, stderr=self.log,
        )
        self.token = None
        until = time.monotonic() + PATIENCE
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the server did not start:\n{(folder / 'server.log').read_text()}")
            time.sleep(0.5)
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        login = self.ask("POST", "/v1/auth/login", {"email": EMAIL, "password": PASSWORD})
        self.token = login["access_token"]

    def is_ready(self):
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, key=None, kind="application/json"):
        headers = {"Content-Type": kind}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.line.request(method, path, data, headers)
        answer = self.line.getresponse()
        told = answer.read()
        if answer.status >= 400:
            sys.exit(f"{method} {path}: {answer.status} {told.decode()}")
        return json.loads(told)

    def control(self, option):
        done = subprocess.run(
            ["callgrind_control", option, str(self.process.pid)], capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"callgrind_control {option}: {done.stdout}{done.stderr}")

    def count(self, work):
        """The instructions of a piece of work."""
        before = set(self.folder.glob("counts.*"))
        self.control("-z")
        work()
        self.control("-d")
        total = 0
        for dump in set(self.folder.glob("counts.*")) - before:
            found = re.search(r"^(?:totals|summary): (\d+)", dump.read_text(), re.MULTILINE)
            total += int(found[1])
        return total

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


def open_books(server):
    server.ask("POST", "/v1/funds", {
        "code": "fund", "name": {"ko": "기금", "en": "Fund"}, "kind": "internal",
        "commitment": "100000000000", "effective_on": BEGAN,
        "period": {"start": BEGAN, "end": "2027-03-31"},
        "spend_limit": "commitment", "in_kind_counted_at": "list",
    }, "fund")
    for code in ("north", "south"):
        server.ask("POST", "/v1/programs", {
            "code": code, "name": {"ko": code, "en": code}, "kind": "worker_support",
            "funds": ["fund"], "partner": None, "approval": "none", "one_payment_per": "none",
        }, code)
        server.ask("POST", "/v1/funds/fund/allocations", {
            "program": code, "amount": "50000000000", "fiscal_year": None,
            "effective_on": BEGAN, "kind": "allocate",
        }, f"to-{code}")


def disbursement(number):
    return {
        "program": ("north", "south")[number % 2],
        "beneficiary": {"kind": "worker", "reference": f"worker-{number % 300}", "region": "11"},
        "form": "cash", "amount": str(100_000 + 10_000 * (number % 40)),
        "planned_on": f"2022-{4 + number % 8:02}-{1 + number % 28:02}", "purpose": "지원금",
    }


def record(server, numbers):
    for number in numbers:
        server.ask("POST", "/v1/disbursements", disbursement(number), f"record-{number}")


def overviews(server, month):
    """Each as of another day: one that was asked for before is told again without reading."""
    for day in range(1, TIMES + 1):
        server.ask("GET", f"/v1/reports/overview?as_of=2022-{month:02}-{day:02}")


def overviews_again(server):
    for _ in range(TIMES):
        server.ask("GET", "/v1/reports/overview")


def bring_in(server):
    lines = ["kind,reference,region,form,amount,planned_on,external_id"]
    for number in range(ROWS):
        one = disbursement(number)
        who = one["beneficiary"]
        lines.append(",".join(
            [who["kind"], who["reference"], who["region"], one["form"], one["amount"],
             one["planned_on"], f"row-{number}"]))
    path = "/v1/imports?kind=disbursements&program=north"
    made = server.ask("POST", path, "\n".join(lines).encode(), "file", "text/csv")
    until = time.monotonic() + PATIENCE
    while True:
        # Seldom, since to ask is work as well.
        time.sleep(5)
        state = server.ask("GET", f"/v1/imports/{made['id']}")["state"]
        if state == "committed":
            return
        if state in ("failed", "cancelled") or time.monotonic() > until:
            sys.exit(f"the import of {ROWS} rows ended as {state}")
        if state == "checked":
            server.ask("POST", f"/v1/imports/{made['id']}/commit", {
                "mode": "all", "acknowledged_warnings": ["likely_second_payment"],
            }, "commit")


def counted(binary):
    with tempfile.TemporaryDirectory() as folder:
        server = Server(binary, pathlib.Path(folder))
        open_books(server)
        record(server, range(100))
        overviews(server, 10)
        overviews_again(server)
        counts = {
            "one disbursement": server.count(lambda: record(server, range(100, 100 + TIMES))) // TIMES,
            "one overview": server.count(lambda: overviews(server, 11)) // TIMES,
            "one overview told again": server.count(lambda: overviews_again(server)) // TIMES,
            f"an import of {ROWS} rows": server.count(lambda: bring_in(server)),
        }
        server.end()
        return counts


def compiler():
    return subprocess.run(["rustc", "-V"], capture_output=True, text=True, check=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=lambda path: str(pathlib.Path(path).resolve(strict=True)))
    parser.add_argument("--keep", action="store_true", help="write the counts down")
    options = parser.parse_args()
    counts, built_by = counted(options.binary), compiler()
    if options.keep:
        KEPT.write_text(json.dumps({"compiler": built_by, "instructions": counts}, indent=1) + "\n")
    kept = json.loads(KEPT.read_text())
    comparable = kept["compiler"] == built_by
    worse = []
    for what, now in counts.items():
        before = kept["instructions"][what]
        print(f"{what}: {now:,} instructions, {before:,} kept, {now / before:.3f} of them")
        if now > before * (1 + MARGIN):
            worse.append(what)
    if not comparable:
        print(f"kept with {kept['compiler']}, counted with {built_by}: not held against each other")
    elif worse:
        sys.exit(
            f"grown by more than {MARGIN:.0%}: {', '.join(worse)}. Where it is worth it: --keep, "
            "and say why in the commit"
        )


if __name__ == "__main__":
    main()
