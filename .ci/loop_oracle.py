"""What the loops know: the API, its bodies, and what each request does to the books."""

import dataclasses
import datetime
import http.client
import json
import time

GIVE_UP_AFTER = 30.0  # seconds after which nothing comes any more
PAGE = 1000

ALLOCATED = 10**14
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


@dataclasses.dataclass(frozen=True)
class Program:
    """A program with one fund, and what is allocated to it."""

    code: str
    fund: str
    approval: str
    allocated: int = ALLOCATED


@dataclasses.dataclass
class Record:
    """A disbursement as the answered requests left it."""

    key: str
    program: Program
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
            none = self.program.approval == "none"
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
    writer: int | None = None  # who takes the record's next step; nobody, for a racer
    answer: "Answer | None" = None


@dataclasses.dataclass
class Answer:
    status: int
    replayed: bool
    retry_after: bool
    body: bytes
    began: float
    ended: float

    @property
    def accepted(self):
        return self.status in (200, 201)

    @property
    def in_progress(self):
        return self.status == 409 and b'"idempotency_in_progress"' in self.body

    @property
    def not_now(self):
        """Busy, or the outcome is not known to the server: to be sent again with the same key."""
        return self.status in (429, 503) or self.in_progress

    @property
    def too_much(self):
        """The budget does not allow it."""
        return self.status == 409 and b'"insufficient_available"' in self.body

    def __str__(self):
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


class Api:
    """One connection; one thread uses it at a time."""

    def __init__(self, port, patience=GIVE_UP_AFTER):
        self.opened = 0.0  # when the connection was
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def call(self, method, path, token=None, body=None, key=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = f'"{key}"'
        began = time.monotonic()
        if self.connection.sock is None:
            self.opened = began
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        replayed = response.getheader("Idempotency-Replayed") == "true"
        retry_after = response.getheader("Retry-After") is not None
        return Answer(response.status, replayed, retry_after, text, began, time.monotonic())

    def json(self, method, path, token=None, value=None, key=None):
        """As `call`, for what must be accepted."""
        body = None if value is None else json.dumps(value).encode()
        answer = self.call(method, path, token, body, key)
        if not answer.accepted:
            raise Broken(f"{method} {path}: {answer}")
        return json.loads(answer.body)


def fund(code, commitment):
    return {
        "code": code,
        "name": {"ko": "장애 점검", "en": "Fault check"},
        "kind": "internal",
        "commitment": str(commitment),
        "effective_on": TODAY.isoformat(),
        "period": {"start": f"{TODAY.year}-01-01", "end": f"{TODAY.year + 4}-12-31"},
        "part_of": None,
        "spend_limit": "commitment",
        "in_kind_counted_at": "cost",
    }


def program(program):
    return {
        "code": program.code,
        "name": {"ko": program.code, "en": program.code},
        "kind": "merchant_support",
        "funds": [program.fund],
        "partner": None,
        "approval": program.approval,
        "one_payment_per": "none",
    }


def allocation(program):
    return {
        "program": program.code,
        "amount": str(program.allocated),
        "fiscal_year": None,
        "effective_on": TODAY.isoformat(),
        "kind": "allocate",
    }


def disbursement(record, rng):
    """A request for a record; half of them have no other key than the request's."""
    value = {
        "program": record.program.code,
        "beneficiary": {"kind": "merchant", "reference": f"m-{rng.randrange(5000)}"},
        "form": "cash",
        "amount": str(record.amount),
        "planned_on": TODAY.isoformat(),
        "purpose": record.key,
    }
    if rng.random() < 0.5:
        value["external_id"] = record.key
    return value


def creation(record, rng, writer=None):
    """The request that makes a record, under the record's key."""
    body = json.dumps(disbursement(record, rng)).encode()
    return Operation(record.key, "create", None, record, "/v1/disbursements", body, writer)


def step(key, record, action, amount, writer=None):
    """The request that takes a record's next step."""
    body = {}
    if amount is not None:
        body["amount"] = str(amount)
    if action == "cancel":
        body["reason"] = "no longer needed"
    if action == "refund":
        body |= {"reason": "left over", "reason_class": "unused"}
    path = f"/v1/disbursements/{record.id}/{action}"
    return Operation(key, action, amount, record, path, json.dumps(body).encode(), writer)


def listed(api, program, token):
    """Every disbursement of a program, page by page."""
    cursor = ""
    while cursor is not None:
        path = f"/v1/disbursements?program={program.code}&limit={PAGE}" + cursor
        page = api.json("GET", path, token)
        yield from page["data"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"


def state_of(item):
    """A listed disbursement in the terms of `Record.state`."""
    amounts = item["amounts"]
    paid, refunded = int(amounts["paid"]), int(amounts["refunded"])
    return (item["status"], int(item["amount"]), paid, refunded)


def figures(records, allocated):
    """A fund's figures, from its records and its allocations alone."""
    submitted = sum(r.amount for r in records if r.status == "submitted")
    reserved = [r for r in records if r.status in ("approved", "partly_paid")]
    awaiting = sum(r.amount - r.paid for r in reserved)
    paid = sum(r.paid for r in records)
    refunded = sum(r.refunded for r in records)
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
