"""Watches every answer while a fault is on, and judges when and how they came."""

import dataclasses
import http.client
import json
import threading
import time

from loop_load import Load, funds
from loop_oracle import Answer, Api

ANSWER_WITHIN = 2.0  # seconds, whatever happens to the database
HEALTHY_WITHIN = 5.0  # seconds after the database is
CALM = 1.0  # seconds without a refusal that show that it lasts
PROBE_EVERY = 0.1
PATIENCE = 15.0  # seconds that a caller waits before he gives up
POOL = 16  # reads at once that show that every reading connection is whole


@dataclasses.dataclass
class Sample:
    """One request and what came of it."""

    kind: str  # write, read, livez, readyz
    server: object
    began: float
    ended: float
    answer: Answer | None
    excused: bool  # the server was killed on purpose

    @property
    def seconds(self):
        return self.ended - self.began

    @property
    def refused(self):
        """Not now; or no answer at all."""
        return self.answer is None or self.answer.not_now

    @property
    def right(self):
        if self.answer is None:
            return self.excused
        if self.kind == "livez":
            return self.answer.status == 200
        if self.answer.status == 503:
            return self.answer.retry_after
        if self.kind == "write":
            return self.answer.accepted or self.answer.in_progress or self.answer.too_much
        return self.answer.status == 200

    def __str__(self):
        return f"{self.kind} on {self.server.name}, {self.seconds:.2f} s: {self.answer}"


@dataclasses.dataclass
class Window:
    """When a fault was on."""

    began: float
    up: float  # since when the database takes writes again
    dark: tuple[float, float] | None = None  # when nobody can have reached it
    strikes: int = 1


class WatchedLoad(Load):
    """The load, with readers and probes beside the writers, and a note of every answer."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.samples = []

    def start(self, seed):
        self.samples = []
        super().start(seed)
        for server in self.servers:
            for fund in funds(self.programs):
                self.run(self.watch, server, "read", f"/v1/reports/funds/{fund}")
            for kind in ("livez", "readyz"):
                self.run(self.watch, server, kind, f"/{kind}")

    def note(self, kind, server, api, began, answer):
        ended, excused = time.monotonic(), server.owes_nothing(api)
        self.samples.append(Sample(kind, server, began, ended, answer, excused))

    def answer(self, server, api, operation):
        began = time.monotonic()
        answer = super().answer(server, api, operation)
        self.note("write", server, api, began, answer)
        return answer

    def watch(self, server, kind, path):
        """Asks the same again and again."""
        api = Api(server.port, PATIENCE)
        token = self.tokens["auditor"] if kind == "read" else None
        while not self.ended.is_set():
            began, answer = time.monotonic(), None
            try:
                answer = api.call("GET", path, token)
            except (OSError, http.client.HTTPException) as error:
                if not server.owes_nothing(api):
                    self.findings.violation(f"{kind} on {server.name}: no answer: {error!r}")
            self.note(kind, server, api, began, answer)
            if kind == "read" and answer and answer.status == 200:
                self.check_report(json.loads(answer.body))
            self.ended.wait(PROBE_EVERY)

    def check_report(self, report):
        """What was committed is somewhere."""
        parts = ("unallocated", "available", "awaiting_payment", "disbursed")
        if sum(int(report[part]) for part in parts) != int(report["committed"]):
            self.findings.violation(f"a report contradicts itself: {report}")

    # Judgement

    def wait_until_healthy(self, up):
        """Seconds from `up` until every server did everything asked of it, and went on to; or
        until that has taken too long."""
        while True:
            found = [self.healthy_since(server, up) for server in self.servers]
            if all(found):
                return max(found) - up
            if time.monotonic() > up + HEALTHY_WITHIN + CALM + ANSWER_WITHIN:
                return time.monotonic() - up
            time.sleep(0.05)

    def healthy_since(self, server, up):
        """When a server was ready, took a write, and refused nothing any more."""
        mine = [s for s in list(self.samples) if s.server is server and s.ended > up]
        refusals = [s.ended for s in mine if s.refused]
        if refusals and refusals[-1] > time.monotonic() - CALM:
            return None
        since = refusals[-1] if refusals else up
        for kind in ("write", "readyz"):
            good = [s.ended for s in mine if s.kind == kind and s.began > up and not s.refused]
            if not good:
                return None
            since = max(since, good[0])
        return since

    def judge(self, window):
        """Every answer since the fault began; the longest wait for one while it was on."""
        since = [sample for sample in self.samples if sample.ended > window.began]
        during = [sample for sample in since if sample.began < window.up]
        self.tell("wrong", [s for s in since if not s.right])
        self.tell("late", [s for s in during if s.seconds > ANSWER_WITHIN])
        if window.dark:
            first, last = window.dark
            unaware = [
                s
                for s in since
                if s.kind == "readyz" and first < s.began and s.ended < last
                if s.answer and s.answer.status != 503
            ]
            self.tell("ready without a database", unaware)
        return max((s.seconds for s in during), default=0.0)

    def tell(self, what, samples):
        if samples:
            worst = max(samples, key=lambda sample: sample.seconds)
            kinds = sorted({sample.kind for sample in samples})
            self.findings.violation(f"{len(samples)} {what} ({', '.join(kinds)}): {worst}")

    def check_pool(self):
        """As many reads at once as there are connections, and more: all succeed."""
        for server in self.servers:
            answers = []
            readers = [
                threading.Thread(target=self.read_once, args=(server, answers)) for _ in range(POOL)
            ]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            good = sum(answer.status == 200 for answer in answers)
            if good != POOL:
                self.findings.violation(f"{server.name}: {good} of {POOL} reads at once succeed")

    def read_once(self, server, answers):
        path = f"/v1/disbursements?program={self.programs[0].code}&limit=1000"
        answers.append(Api(server.port).call("GET", path, self.tokens["auditor"]))
