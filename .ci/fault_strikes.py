"""The faults. Each strikes while the load runs, and tells when the database was back."""

import time

from fault_cluster import wait_for
from fault_watch import Window
from loop_oracle import Broken

DOWN_SECONDS = (1, 3)
STALL_SECONDS = (3, 10)
CUT_SECONDS = (1.5, 3)
CUT_PAUSE = (0.02, 0.2)
COMMIT_WITHIN = 2.0  # seconds in which the load must bring a COMMIT by
KILLED_SECONDS = (0.2, 1)
PARTED_SECONDS = (1, 4)


def now():
    return time.monotonic()


def back(cluster):
    """When the database took writes again."""
    wait_for("PostgreSQL", cluster.primary.takes_writes)
    return now()


def calm(_stage, rng):
    """Nothing happens."""
    began = now()
    time.sleep(rng.uniform(*CUT_SECONDS))
    return Window(began, now(), strikes=0)


def stop(stage, rng):
    """The database dies, stays away for a while, and recovers."""
    node, began = stage.cluster.primary, now()
    node.stop("immediate")
    dark = now()
    time.sleep(rng.uniform(*DOWN_SECONDS))
    light = now()
    node.start()
    return Window(began, back(stage.cluster), (dark, light))


def stall(stage, rng):
    """The database stands still: connections stay, and nothing comes."""
    node, began = stage.cluster.primary, now()
    node.freeze()
    dark = now()
    time.sleep(rng.uniform(*STALL_SECONDS))
    light = now()
    node.thaw()
    return Window(began, now(), (dark, light))


def cut(stage, rng):
    """Connections are lost at random moments, one or all, in several ways."""
    began, strikes = now(), 0
    end = began + rng.uniform(*CUT_SECONDS)
    while now() < end:
        how_many, how = rng.choice(("ONE", "ONE", "ALL")), rng.choice(("reset", "close", "torn"))
        strikes += stage.proxy.tell("cut", how_many, how)
        time.sleep(rng.uniform(*CUT_PAUSE))
    return Window(began, now(), strikes=strikes)


def drop_commit(stage, rng):
    """The connection is lost at a COMMIT: before it arrives, after it was answered, or between."""
    began, strikes = now(), 0
    end = began + rng.uniform(*CUT_SECONDS)
    while now() < end:
        how = rng.choice(("before", "after", "blind"))
        if not stage.proxy.tell("commit", how, COMMIT_WITHIN):
            raise Broken("no COMMIT came by")
        strikes += 1
        time.sleep(rng.uniform(*CUT_PAUSE))
    return Window(began, now(), strikes=strikes)


def restart(stage, _rng):
    """The database is restarted in good order."""
    began = now()
    stage.cluster.primary.restart("fast")
    return Window(began, back(stage.cluster))


def promote(stage, rng):
    """The primary dies and its standby takes over; in half of the rounds the two were parted
    before, so that nothing could be acknowledged any more."""
    cluster, began = stage.cluster, now()
    if rng.random() < 0.5:
        cluster.part()
        time.sleep(rng.uniform(*PARTED_SECONDS))
    cluster.primary.stop("immediate")
    dark = now()
    time.sleep(rng.uniform(0, 1))
    light = now()
    cluster.promote()
    stage.proxy.tell("target", cluster.primary.port)
    return Window(began, back(cluster), (dark, light))


def server_kill(stage, rng):
    """One of the servers is killed and started again; the database never noticed."""
    server, began = rng.choice(stage.servers), now()
    server.kill()
    time.sleep(rng.uniform(*KILLED_SECONDS))
    up = now()
    server.start()
    return Window(began, up)


FAULTS = {
    "stop": stop,
    "stall": stall,
    "cut": cut,
    "drop-commit": drop_commit,
    "restart": restart,
    "promote": promote,
    "server-kill": server_kill,
    "calm": calm,
}
NEEDS_STANDBY = ("promote",)
