"""The load of the loops, its journal, and what the journal says the books must hold."""

import http.client
import json
import random
import secrets
import threading
import time

import loop_oracle as oracle
from loop_oracle import ROLES, Api, Broken, Record

REPLAYS = 50  # answered requests sent again per round, two in five of them the newest
MOST_RETRIES = 50  # of one request, while the answer is "not now"
PAUSE = (0.05, 0.3)  # seconds after such an answer
MOST_SHOWN = 20  # violations that are printed; all are counted


def funds(programs):
    """The funds of programs, each once, in their order."""
    return list(dict.fromkeys(program.fund for program in programs))


class Findings:
    """What was found wrong."""

    def __init__(self):
        self.lock = threading.Lock()
        self.violations = self.lost = self.doubled = 0

    def violation(self, text):
        with self.lock:
            self.violations += 1
            if self.violations <= MOST_SHOWN:
                print(f"VIOLATION {text}", flush=True)


class Load:
    """Writers that record over one or more servers of one set of books."""

    def __init__(self, servers, programs, folder, writers, findings):
        self.servers = servers
        self.programs = list(programs)
        self.journal_file = open(folder / "journal.jsonl", "a", encoding="utf-8")
        self.lock = threading.Lock()
        self.findings = findings
        self.passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        self.tokens = {}
        self.signed_in_until = 0.0
        self.sent = 0
        self.answered = []  # operations that were accepted
        self.unanswered = []  # operations of this round whose outcome is not known
        self.unknown = 0
        self.records = []  # those whose creation was answered
        self.open = [[] for _ in range(writers)]  # (record, action, amount) by writer
        self.threads = []
        self.ended = threading.Event()

    def journal(self, event, operation, **more):
        """A line that outlives the server: written out before this returns."""
        line = {"event": event, "key": operation.key, "action": operation.action, **more}
        with self.lock:
            self.journal_file.write(json.dumps(line) + "\n")
            self.journal_file.flush()

    # Preparation

    def make_users(self):
        for role in ROLES:
            arguments = ("--email", f"{role}@example.org", "--role", role, "--password-stdin")
            made = self.servers[0].command("user", "create", *arguments, stdin=self.passwords[role])
            if made.returncode != 0:
                raise Broken(f"user create --role {role}: {made.stdout}")

    def make_books(self):
        """The funds and programs of the load."""
        for fund in funds(self.programs):
            self.make_fund(fund, [program for program in self.programs if program.fund == fund])

    def make_fund(self, fund, programs):
        """A fund that is allocated to its programs to the last won."""
        self.post("funds", oracle.fund(fund, sum(program.allocated for program in programs)))
        for program in programs:
            self.post("programs", oracle.program(program))
            self.post(f"funds/{fund}/allocations", oracle.allocation(program))

    def post(self, path, value):
        api = Api(self.servers[0].port)
        api.json("POST", f"/v1/{path}", self.tokens["manager"], value, secrets.token_hex(16))

    def sign_in(self):
        """Fresh tokens when the old ones are past half of their time; a kill must not end them."""
        if time.monotonic() < self.signed_in_until:
            return
        api = Api(self.servers[0].port)
        for role in ROLES:
            value = {"email": f"{role}@example.org", "password": self.passwords[role]}
            answer = api.json("POST", "/v1/auth/login", value=value)
            self.tokens[role] = answer["access_token"]
            self.signed_in_until = time.monotonic() + int(answer["expires_in"]) / 2

    # Load

    def start(self, seed):
        """Starts the writers; what they send, the seed tells."""
        self.ended.clear()
        self.threads = []
        for writer in range(len(self.open)):
            self.run(self.write, writer, random.Random(f"{seed}/{writer}"))

    def run(self, work, *arguments):
        """Starts a thread that lasts until the load ends."""
        self.threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        self.threads[-1].start()

    def stop(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def next_operation(self, rng, writer):
        key = f"{rng.getrandbits(128):032x}"
        steps = self.open[writer]
        if steps and rng.random() < 0.6:
            record, action, amount = steps.pop(rng.randrange(len(steps)))
            return oracle.step(key, record, action, amount, writer)
        record = Record(key, rng.choice(self.programs), rng.randint(1, 1_000_000))
        return oracle.creation(record, rng, writer)

    def send(self, api, operation):
        token = self.tokens[oracle.CALLER[operation.action]]
        return api.call("POST", operation.path, token, operation.body, operation.key)

    def write(self, writer, rng):
        """One writer, until the load ends."""
        apis = [(server, Api(server.port)) for server in self.servers]
        while not self.ended.is_set():
            self.ask(apis, self.next_operation(rng, writer), rng)

    def ask(self, apis, operation, rng):
        """Sends a request to any server. Where that brings no outcome, half are sent once more at
        once, to any server again; the others when the load has ended."""
        self.journal("sent", operation, body=operation.body.decode())
        for _ in range(rng.choice((1, 2))):
            answer = self.answer(*rng.choice(apis), operation)
            if answer is not None and not answer.not_now:
                self.settle(operation, answer, rng)
                return
            self.journal("unknown", operation)
            with self.lock:
                self.unknown += 1
            if self.ended.wait(rng.uniform(*PAUSE)):
                break
        with self.lock:
            self.unanswered.append(operation)

    def answer(self, server, api, operation):
        """What a server says to a request. Nothing, when it was killed."""
        with self.lock:
            self.sent += 1
        try:
            return self.send(api, operation)
        except (OSError, http.client.HTTPException) as error:
            if not server.owes_nothing(api):
                self.findings.violation(f"no answer while the server was up: {error!r}")
            return None

    def settle(self, operation, answer, rng):
        """Books an answer. Only racers for a budget give the server a reason to refuse."""
        body = answer.body.decode(errors="replace")
        self.journal("answered", operation, status=answer.status, body=body)
        racer = operation.writer is None
        if racer and answer.too_much:
            return
        if not answer.accepted:
            self.findings.violation(f"{operation.action} {operation.key} refused: {answer}")
            return
        operation.answer = answer
        record = operation.record
        record.apply(operation.action, operation.amount)
        with self.lock:
            self.answered.append(operation)
            if operation.action == "create":
                record.id = json.loads(answer.body)["id"]
                self.records.append(record)
        step = None if racer else record.next_step(rng)
        if step:
            self.open[operation.writer].append((record, *step))

    # Judgement

    def any_api(self, rng):
        return Api(rng.choice(self.servers).port)

    def retry(self, rng):
        """Sends what had no answer again; how many of them had happened after all."""
        happened = 0
        for operation in self.unanswered:
            for _ in range(MOST_RETRIES):
                answer = self.send(self.any_api(rng), operation)
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
        for operation in newest + older:
            answer, first = self.send(self.any_api(rng), operation), operation.answer
            name = f"{operation.action} {operation.key}"
            if not answer.replayed:
                self.findings.violation(f"{name} not marked as a replay")
            if (answer.status, answer.body) != (first.status, first.body):
                self.findings.violation(f"{name}: {first}, replayed {answer}")

    def compare(self, programs=None):
        """Records and sums of these programs, or of all, are as the journal says."""
        programs = programs or self.programs
        for program in programs:
            self.compare_records(program)
        for fund in funds(programs):
            self.compare_sums(fund, sum(p.allocated for p in programs if p.fund == fund))

    def compare_records(self, program):
        """Each record that was acknowledged is there once, in the state that was acknowledged."""
        found = {}
        for item in oracle.listed(Api(self.servers[-1].port), program, self.tokens["auditor"]):
            found.setdefault(item["purpose"], []).append(item)
        for record in self.records:
            if record.program == program:
                self.compare_record(record, found.pop(record.key, []))
        for key in found:
            self.findings.violation(f"in the books, never acknowledged: {key}")

    def compare_record(self, record, items):
        findings = self.findings
        if not items:
            findings.lost += 1
            findings.violation(f"lost: {record}")
        elif len(items) > 1:
            findings.doubled += 1
            findings.violation(f"{len(items)} times in the books: {record}")
        elif (items[0]["id"], *oracle.state_of(items[0])) != (record.id, *record.state()):
            _, _, paid, refunded = state = oracle.state_of(items[0])
            more = (paid, refunded) > (record.paid, record.refunded)
            findings.doubled += more
            findings.lost += not more
            findings.violation(f"the books have {state}: {record}")

    def compare_sums(self, fund, allocated):
        """The fund's figures are what the records add up to."""
        api = Api(self.servers[-1].port)
        report = api.json("GET", f"/v1/reports/funds/{fund}", self.tokens["auditor"])
        records = [record for record in self.records if record.program.fund == fund]
        for name, expected in oracle.figures(records, allocated).items():
            if report[name] != str(expected):
                self.findings.violation(
                    f"report of {fund}: {name} is {report[name]}, not {expected}"
                )
