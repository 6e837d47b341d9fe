"""PostgreSQL servers of the run's own, in memory where the machine allows, and PgBouncer.

Whatever becomes of the run, a keeper at its side ends them by their pids and takes their folder
away: it waits for the end of a pipe that the run holds open.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from loop_oracle import GIVE_UP_AFTER, Broken
from loop_server import free_port

DATABASE = "books"
STANDBY = "standby"
MEMORY = pathlib.Path("/dev/shm")

# One that is stopped must go on before it can end.
KEEPER = """
while read -r _; do :; done
for file in "$0"/*/postmaster.pid; do
    [ -e "$file" ] || continue
    pid=$(head -n 1 "$file")
    kill -CONT "$pid"
    for stat in /proc/[0-9]*/stat; do
        read -r child _ _ parent _ <"$stat"
        [ "$parent" != "$pid" ] || kill -CONT "$child"
    done
    kill -QUIT "$pid"
    while kill -0 "$pid"; do sleep 0.1; done
done 2>/dev/null
rm -rf "$0"
"""

CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 128MB
dynamic_shared_memory_type = mmap
"""


class Cluster:
    """A primary, its standby where a fault needs one, and what ends them."""

    def __init__(self):
        self.programs = programs()
        home = MEMORY if MEMORY.is_dir() else None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fault-loop-", dir=home))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            cwd="/",
        )
        self.nodes = 0
        self.standby = None
        self.primary = self.node()
        self.run(
            "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C",
            "--data-checksums", "-D", self.primary.data,
        )  # fmt: skip
        self.primary.configure("postgresql.conf", CONFIGURATION + f"port = {self.primary.port}\n")
        self.primary.start()
        self.primary.sql(f"CREATE DATABASE {DATABASE}", "postgres")

    def node(self):
        self.nodes += 1
        return Node(self, self.folder / f"node-{self.nodes}", free_port())

    def run(self, program, *arguments):
        """Runs one of PostgreSQL's programs to its end."""
        done = subprocess.run(
            as_owner(self.programs / program, *arguments),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode != 0:
            raise Broken(f"{program}: {done.stdout}")
        return done.stdout

    def add_standby(self):
        """A streaming standby that each commit of the primary waits for from now on."""
        primary, standby = self.primary, self.node()
        host = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres")
        self.run("pg_basebackup", *host, "-D", standby.data, "-X", "stream", "-c", "fast")
        standby.configure("standby.signal", "")
        connection = f"host=127.0.0.1 port={primary.port} user=postgres application_name={STANDBY}"
        standby.configure(
            "postgresql.auto.conf", f"port = {standby.port}\nprimary_conninfo = '{connection}'\n"
        )
        standby.start()
        primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
        primary.sql("SELECT pg_reload_conf()")
        wait_for("the standby", lambda: self.standing() == "sync")
        self.standby = standby

    def standing(self):
        """What the standby is to the primary, or nothing when it is away."""
        query = f"SELECT sync_state FROM pg_stat_replication WHERE application_name = '{STANDBY}'"
        return self.primary.sql(query)

    def part(self):
        """The standby is told nothing more, so that nothing more may be acknowledged."""
        self.standby.sql("ALTER SYSTEM SET primary_conninfo = ''")
        self.standby.sql("SELECT pg_reload_conf()")
        wait_for("a parted standby", lambda: not self.standing())

    def promote(self):
        """The standby becomes the primary; the old one is gone for good."""
        old, self.primary, self.standby = self.primary, self.standby, None
        self.primary.promote()
        shutil.rmtree(old.data)

    def end(self):
        """Ends everything and returns when it is gone."""
        self.keeper.stdin.close()
        self.keeper.wait()


class Node:
    """One PostgreSQL server."""

    def __init__(self, cluster, data, port):
        self.cluster = cluster
        self.data = data
        self.port = port
        self.frozen = set()

    def configure(self, name, text):
        """Adds lines to one of its files; nothing was there before of another server's."""
        path = self.data / name
        with open(path, "w" if name.endswith(".auto.conf") else "a", encoding="ascii") as file:
            file.write(text)
        if os.geteuid() == 0:
            shutil.chown(path, "postgres", "postgres")

    def control(self, verb, *arguments):
        log = self.cluster.folder / f"{self.data.name}.log"
        self.cluster.run("pg_ctl", "-D", self.data, "-l", log, "-w", *arguments, verb)

    def start(self):
        self.control("start", "-t", str(int(GIVE_UP_AFTER)))

    def stop(self, mode):
        self.control("stop", "-m", mode)

    def restart(self, mode):
        self.control("restart", "-m", mode)

    def promote(self):
        self.control("promote")

    def processes(self):
        """Its postmaster and every child of it."""
        postmaster = int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        return [postmaster, *children(postmaster)]

    def freeze(self):
        """Stops every process of it where it stands, the postmaster first: it starts no more."""
        while found := set(self.processes()) - self.frozen:
            for pid in sorted(found):
                tell(pid, signal.SIGSTOP)
            self.frozen |= found

    def thaw(self):
        for pid in self.frozen:
            tell(pid, signal.SIGCONT)
        self.frozen = set()

    def sql(self, text, database=DATABASE):
        host = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database)
        return self.cluster.run("psql", "-XAtq", *host, "-c", text).strip()

    def takes_writes(self):
        try:
            return self.sql("SELECT pg_is_in_recovery()") == "f"
        except Broken:
            return False


class PgBouncer:
    """PgBouncer in transaction mode, in front of a port."""

    def __init__(self, cluster, target):
        self.port = free_port()
        settings = cluster.folder / "pgbouncer.ini"
        settings.write_text(
            f"""
[databases]
{DATABASE} = host=127.0.0.1 port={target} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
server_login_retry = 1
query_wait_timeout = 5
""",
            encoding="ascii",
        )
        self.process = subprocess.Popen(
            as_owner("/usr/sbin/pgbouncer", "-q", settings, ending=True),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(cluster.folder / "pgbouncer.log", "ab"),
            start_new_session=True,
            cwd="/",
        )
        ready = str(cluster.programs / "pg_isready")
        listening = [ready, "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_for("PgBouncer", lambda: subprocess.run(listening).returncode == 0)

    def end(self):
        self.process.terminate()
        self.process.wait()


def children(parent):
    """The processes that it started, as the kernel has them."""
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            _, parents = stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)
        except OSError:
            continue  # It ended just now.
        if int(parents.split()[1]) == parent:
            yield int(stat.parent.name)


def tell(pid, what):
    """Sends a signal, unless the process has ended."""
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


def wait_for(what, holds):
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > GIVE_UP_AFTER:
            raise Broken(f"{what} does not come up")
        time.sleep(0.02)


def as_owner(program, *arguments, ending=False):
    """A program run by somebody whom PostgreSQL accepts: it refuses to run as root."""
    owner = ("--reuid=postgres", "--regid=postgres", "--clear-groups") if os.geteuid() == 0 else ()
    death = ("--pdeathsig", "KILL") if ending else ()
    prefix = ("setpriv", *owner, *death) if owner or death else ()
    return [str(part) for part in (*prefix, program, *arguments)]


def programs():
    """Where PostgreSQL's programs are: as told, or of the newest version that Debian installed."""
    if told := os.environ.get("SANGSAENG_TEST_PG_BIN"):
        return pathlib.Path(told)
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    if not versions:
        raise Broken("PostgreSQL is not installed: apt-get install postgresql")
    return versions[-1]
