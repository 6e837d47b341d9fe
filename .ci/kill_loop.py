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
import json
import pathlib
import random
import secrets
import shutil
import sys
import tempfile
import threading
import time

import kill_loop_oracle as oracle
from kill_loop_oracle import APPROVAL, FUND, ROLES, Api, Broken, Operation, Record, Server

READY_WITHIN = 2.0  # seconds from start to ready, after a kill
LOAD_SECONDS = (0.2, 1.5)
REPLAYS = 50  # answered requests sent again per round, two in five of them the newest
MOST_RETRIES = 50  # of one request, while the answer is "not now"


class Run:
    """The journal, the load and the judgement."""

    def __init__(self, options, folder):
        self.options = options
        self.server = Server(options.binary, folder)
        self.journal_file = open(folder / "journal.jsonl", "a", encoding="utf-8")
        self.lock = threading.Lock()
        self.passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        self.tokens = {}
        self.signed_in_until = 0.0
        self.sent = 0
        self.answered = []  # operations that were accepted
        self.unanswered = []  # operations of this round whose outcome is not known
        self.unknown = 0
        self.records = []  # those whose creation was answered
        self.open = [[] for _ in range(options.writers)]  # (record, action, amount) by writer
        self.killed = threading.Event()
        self.rounds = 0
        self.worst_ready = 0.0
        self.violations = self.lost = self.doubled = 0

    def violation(self, text):
        with self.lock:
            self.violations += 1
            if self.violations <= 20:
                print(f"VIOLATION {text}", flush=True)

    def journal(self, event, operation, **more):
        """A line that outlives the server: written out before this returns."""
        line = {"event": event, "key": operation.key, "action": operation.action, **more}
        with self.lock:
            self.journal_file.write(json.dumps(line) + "\n")
            self.journal_file.flush()

    # Preparation

    def prepare(self):
        for role in ROLES:
            arguments = ("--email", f"{role}@example.org", "--role", role, "--password-stdin")
            made = self.server.command("user", "create", *arguments, stdin=self.passwords[role])
            if made.returncode != 0:
                raise Broken(f"user create --role {role}: {made.stdout}")
        self.server.start()
        self.sign_in()
        self.post("funds", oracle.fund())
        for program, approval in APPROVAL.items():
            self.post("programs", oracle.program(program, approval))
            self.post(f"funds/{FUND}/allocations", oracle.allocation(program))

    def post(self, path, value):
        api = Api(self.server.port)
        api.json("POST", f"/v1/{path}", self.tokens["manager"], value, secrets.token_hex(16))

    def sign_in(self):
        """Fresh tokens when the old ones are past half of their time; a kill must not end them."""
        if time.monotonic() < self.signed_in_until:
            return
        api = Api(self.server.port)
        for role in ROLES:
            value = {"email": f"{role}@example.org", "password": self.passwords[role]}
            answer = api.json("POST", "/v1/auth/login", value=value)
            self.tokens[role] = answer["access_token"]
            self.signed_in_until = time.monotonic() + int(answer["expires_in"]) / 2

    # Load

    def next_operation(self, rng, writer):
        key = f"{rng.getrandbits(128):032x}"
        steps = self.open[writer]
        if steps and rng.random() < 0.6:
            record, action, amount = steps.pop(rng.randrange(len(steps)))
            path = f"/v1/disbursements/{record.id}/{action}"
            body = {}
            if amount is not None:
                body["amount"] = str(amount)
            if action == "cancel":
                body["reason"] = "no longer needed"
            if action == "refund":
                body |= {"reason": "left over", "reason_class": "unused"}
        else:
            action, amount, path = "create", None, "/v1/disbursements"
            record = Record(key, rng.choice(list(APPROVAL)), rng.randint(1, 1_000_000))
            body = oracle.disbursement(record, rng)
        return Operation(key, action, amount, record, path, json.dumps(body).encode(), writer)

    def send(self, api, operation):
        token = self.tokens[oracle.CALLER[operation.action]]
        return api.call("POST", operation.path, token, operation.body, operation.key)

    def write(self, writer, rng):
        """One writer, until the server is gone."""
        api = Api(self.server.port)
        while not self.killed.is_set():
            operation = self.next_operation(rng, writer)
            self.journal("sent", operation, body=operation.body.decode())
            with self.lock:
                self.sent += 1
            try:
                answer = self.send(api, operation)
            except (OSError, http.client.HTTPException) as error:
                if not self.killed.is_set():
                    self.violation(f"no answer while the server was up: {error!r}")
                self.put_off(operation)
                return
            if answer.not_now:
                self.put_off(operation)
                time.sleep(0.05)
            else:
                self.settle(operation, answer, rng)

    def put_off(self, operation):
        self.journal("unknown", operation)
        with self.lock:
            self.unknown += 1
            self.unanswered.append(operation)

    def settle(self, operation, answer, rng):
        """Books an answer. No request of this load gives the server a reason to refuse it."""
        body = answer.body.decode(errors="replace")
        self.journal("answered", operation, status=answer.status, body=body)
        if not answer.accepted:
            self.violation(f"{operation.action} {operation.key} refused: {answer}")
            return
        operation.answer = answer
        record = operation.record
        record.apply(operation.action, operation.amount)
        with self.lock:
            self.answered.append(operation)
            if operation.action == "create":
                record.id = json.loads(answer.body)["id"]
                self.records.append(record)
        step = record.next_step(rng)
        if step:
            self.open[operation.writer].append((record, *step))

    # Judgement

    def retry(self, rng):
        """Sends what had no answer again; how many of them had happened after all."""
        api = Api(self.server.port)
        happened = 0
        for operation in self.unanswered:
            for _ in range(MOST_RETRIES):
                answer = self.send(api, operation)
                if not answer.not_now:
                    break
                time.sleep(0.1)
            happened += answer.replayed
            self.settle(operation, answer, rng)
        self.unanswered = []
        return happened

    def replay(self, rng):
        """The same key and body must bring the first answer, byte for byte."""
        newest = self.answered[-(REPLAYS * 2 // 5) :]
        older = rng.sample(self.answered, min(REPLAYS - len(newest), len(self.answered)))
        api = Api(self.server.port)
        for operation in newest + older:
            answer, first = self.send(api, operation), operation.answer
            if not answer.replayed:
                self.violation(f"{operation.action} {operation.key} not marked as a replay")
            if (answer.status, answer.body) != (first.status, first.body):
                self.violation(f"{operation.action} {operation.key}: {first}, replayed {answer}")

    def compare_records(self):
        """Each record that was acknowledged is there once, in the state that was acknowledged."""
        api = Api(self.server.port)
        for program in APPROVAL:
            found = {}
            for item in oracle.listed(api, program, self.tokens["auditor"]):
                found.setdefault(item["purpose"], []).append(item)
            for record in self.records:
                if record.program != program:
                    continue
                items = found.pop(record.key, [])
                if not items:
                    self.lost += 1
                    self.violation(f"lost: {record}")
                elif len(items) > 1:
                    self.doubled += 1
                    self.violation(f"{len(items)} times in the books: {record}")
                elif (items[0]["id"], *oracle.state_of(items[0])) != (record.id, *record.state()):
                    self.violation(f"the books have {oracle.state_of(items[0])}: {record}")
            for key in found:
                self.violation(f"in the books, never acknowledged: {key}")

    def compare_sums(self):
        """The fund's figures are what the records add up to."""
        report = Api(self.server.port).json(
            "GET", f"/v1/reports/funds/{FUND}", self.tokens["auditor"]
        )
        for name, expected in oracle.figures(self.records).items():
            if report[name] != str(expected):
                self.violation(f"fund report: {name} is {report[name]}, not {expected}")

    def compare(self):
        self.compare_records()
        self.compare_sums()

    def verify(self, when):
        fault = self.server.verify()
        if fault:
            self.violation(f"verify {when}: {fault}")

    def round(self, number):
        rng = random.Random(f"{self.options.seed}/{number}")
        sent, answered, unknown = self.sent, len(self.answered), self.unknown
        self.sign_in()
        self.killed.clear()
        writers = []
        for writer in range(self.options.writers):
            own = random.Random(f"{self.options.seed}/{number}/{writer}")
            writers.append(threading.Thread(target=self.write, args=(writer, own)))
            writers[-1].start()
        seconds = rng.uniform(*LOAD_SECONDS)
        time.sleep(seconds)
        self.killed.set()
        self.server.kill()
        for writer in writers:
            writer.join()
        answered, unknown = len(self.answered) - answered, self.unknown - unknown

        if rng.random() < 0.25:
            self.server.spawn()
            time.sleep(rng.uniform(0, 0.2))
            self.server.kill()
        self.verify("after the kill")
        ready = self.server.start()
        self.worst_ready = max(self.worst_ready, ready)
        if ready > READY_WITHIN:
            self.violation(f"ready after {ready:.2f} s, not {READY_WITHIN} s")
        happened = self.retry(rng)
        if number % self.options.check_every == 0:
            self.compare()
        self.replay(rng)
        print(
            f"round {number}: killed after {seconds:.2f} s, {self.sent - sent} sent, "
            f"{answered} acknowledged, {unknown} unknown ({happened} had happened), "
            f"ready in {ready:.2f} s",
            flush=True,
        )

    def play(self):
        self.prepare()
        for number in range(1, self.options.rounds + 1):
            self.round(number)
            self.rounds = number
            if self.violations:
                break
        self.compare()
        status = self.server.stop()
        if status != 0:
            self.violation(f"asked to end, the server left with {status}")
        self.verify("at the end")

    def summary(self):
        return (
            f"kill loop: seed {self.options.seed}, {self.rounds} rounds, "
            f"{self.sent} operations, {len(self.answered)} acknowledged, "
            f"{self.unknown} once unknown, {self.lost} lost, {self.doubled} doubled, "
            f"{self.violations} violations, worst time to ready {self.worst_ready:.2f} s"
        )


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
        run.violation(repr(error))
    finally:
        if run.server.process and run.server.process.poll() is None:
            run.server.kill()
    print(run.summary())
    if run.violations:
        print(f"kept for a look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
