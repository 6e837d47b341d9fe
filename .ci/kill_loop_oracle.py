"""What the kill loop knows: the commands, the API, and what each request does to the books."""

import dataclasses
import datetime
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time

GIVE_UP_AFTER = 30.0  # seconds after which a server that is not ready never will be
STOP_WITHIN = 10.0  # seconds from SIGTERM to the end
PAGE = 1000

FUND = "kill-loop"
ALLOCATED = 10**14
APPROVAL = {"four-eyes": "four_eyes", "no-approval": "none"}  # by program
ROLES = ("manager", "officer", "approver", "treasurer", "auditor")
CALLER = {
    "create": "officer",
    "approve": "approver",
    "cancel": "approver",
    "pay": "treasurer",
    "refund": "treasurer",
}
TODAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=9)).date()


class Broken(Exception):
    """The run cannot go on."""


@dataclasses.dataclass
class Record:
    """A disbursement as the answered requests left it."""

    key: str
    program: str
    amount: int
    id: str | None = None
    status: str | None = None
    paid: int = 0
    refunded: int = 0

    def next_step(self, rng):
        """What to do with it next: an action and its amount, or None when it is done."""
        if self.status == "submitted":
            return ("approve", None)
        if self.status == "approved" and rng.random() < 0.1:
            return ("cancel", None)
        if self.status in ("approved", "partly_paid"):
            return ("pay", rng.choice((self.amount - self.paid, self.share(rng))))
        if self.status == "paid" and rng.random() < 0.3:
            return ("refund", rng.choice((self.amount, self.share(rng))))
        return None

    def share(self, rng):
        """A part of what is not paid yet, or of all when everything is."""
        return rng.randint(1, (self.amount - self.paid) or self.amount)

    def apply(self, action, amount):
        """Takes over what an accepted request did."""
        if action == "create":
            none = APPROVAL[self.program] == "none"
            self.status = "approved" if none else "submitted"
        elif action == "approve":
            self.status = "approved"
        elif action == "cancel":
            self.status = "cancelled"
        elif action == "pay":
            self.paid += amount
            self.status = "paid" if self.paid == self.amount else "partly_paid"
        elif action == "refund":
            self.refunded += amount
            self.status = "refunded" if self.refunded == self.paid else "partly_refunded"

    def state(self):
        return (self.status, self.amount, self.paid, self.refunded)


@dataclasses.dataclass
class Operation:
    """One request that records something, and what came back."""

    key: str
    action: str
    amount: int | None
    record: Record
    path: str
    body: bytes
    writer: int
    answer: "Answer | None" = None


@dataclasses.dataclass
class Answer:
    status: int
    replayed: bool
    body: bytes

    @property
    def accepted(self):
        return self.status in (200, 201)

    @property
    def not_now(self):
        """Busy, or the outcome is not known to the server: to be sent again with the same key."""
        return self.status in (429, 503) or (
            self.status == 409 and b'"idempotency_in_progress"' in self.body
        )

    def __str__(self):
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


class Api:
    """One connection; one thread uses it at a time."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_AFTER)

    def call(self, method, path, token=None, body=None, key=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = f'"{key}"'
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            replayed = response.getheader("Idempotency-Replayed") == "true"
            return Answer(response.status, replayed, response.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def json(self, method, path, token=None, value=None, key=None):
        """As `call`, for what must be accepted."""
        body = None if value is None else json.dumps(value).encode()
        answer = self.call(method, path, token, body, key)
        if not answer.accepted:
            raise Broken(f"{method} {path}: {answer}")
        return json.loads(answer.body)


class Server:
    """The program under test, on a database in a folder of its own."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir()
        self.log = open(folder / "server.log", "ab")
        self.process = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def environment(self, data):
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "DATABASE_URL": f"sqlite://{data / 'books.db'}",
            "SANGSAENG_LISTEN": f"127.0.0.1:{self.port}",
        }

    def command(self, *arguments, data=None, stdin=""):
        """Runs one command of the program to its end."""
        return subprocess.run(
            [self.binary, *arguments],
            env=self.environment(data or self.data),
            cwd=self.folder,
            input=stdin,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def spawn(self):
        self.process = subprocess.Popen(
            [self.binary, "serve"],
            env=self.environment(self.data),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
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
                    return time.monotonic() - began
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.01)
        raise Broken(f"the server is not ready after {GIVE_UP_AFTER} s")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Asks it to end; its exit status."""
        self.process.terminate()
        try:
            return self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            return f"nothing within {STOP_WITHIN} s"

    def verify(self):
        """What `verify` says against a copy of the books, or None when it finds nothing."""
        copy = self.folder / "copy"
        shutil.copytree(self.data, copy)
        done = self.command("verify", data=copy)
        shutil.rmtree(copy)
        return None if done.returncode == 0 else f"exit {done.returncode}: {done.stdout}"


def fund():
    return {
        "code": FUND,
        "name": {"ko": "강제 종료 점검", "en": "Kill loop"},
        "kind": "internal",
        "commitment": str(ALLOCATED * len(APPROVAL)),
        "effective_on": TODAY.isoformat(),
        "period": {"start": f"{TODAY.year}-01-01", "end": f"{TODAY.year + 4}-12-31"},
        "part_of": None,
        "spend_limit": "commitment",
        "in_kind_counted_at": "cost",
    }


def program(code, approval):
    return {
        "code": code,
        "name": {"ko": code, "en": code},
        "kind": "merchant_support",
        "funds": [FUND],
        "partner": None,
        "approval": approval,
        "one_payment_per": "none",
    }


def allocation(program):
    return {
        "program": program,
        "amount": str(ALLOCATED),
        "fiscal_year": None,
        "effective_on": TODAY.isoformat(),
        "kind": "allocate",
    }


def disbursement(record, rng):
    """A request for a record; half of them have no other key than the request's."""
    value = {
        "program": record.program,
        "beneficiary": {"kind": "merchant", "reference": f"m-{rng.randrange(5000)}"},
        "form": "cash",
        "amount": str(record.amount),
        "planned_on": TODAY.isoformat(),
        "purpose": record.key,
    }
    if rng.random() < 0.5:
        value["external_id"] = record.key
    return value


def listed(api, program, token):
    """Every disbursement of a program, page by page."""
    cursor = ""
    while cursor is not None:
        path = f"/v1/disbursements?program={program}&limit={PAGE}" + cursor
        page = api.json("GET", path, token)
        yield from page["data"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"


def state_of(item):
    """A listed disbursement in the terms of `Record.state`."""
    amounts = item["amounts"]
    paid, refunded = int(amounts["paid"]), int(amounts["refunded"])
    return (item["status"], int(item["amount"]), paid, refunded)


def figures(records):
    """The fund's figures, from its records alone."""
    submitted = sum(r.amount for r in records if r.status == "submitted")
    reserved = [r for r in records if r.status in ("approved", "partly_paid")]
    awaiting = sum(r.amount - r.paid for r in reserved)
    paid = sum(r.paid for r in records)
    refunded = sum(r.refunded for r in records)
    allocated = ALLOCATED * len(APPROVAL)
    return {
        "committed": allocated,
        "unallocated": 0,
        "allocated": allocated,
        "submitted": submitted,
        "available": allocated - awaiting - (paid - refunded),
        "awaiting_payment": awaiting,
        "paid": paid,
        "refunded": refunded,
        "disbursed": paid - refunded,
        "disbursed_cash": paid - refunded,
        "disbursed_in_kind": 0,
        "remaining": allocated - awaiting - (paid - refunded),
    }
