"""A TCP proxy in front of PostgreSQL that breaks connections when told.

It reads enough of the protocol to see a COMMIT go by. It runs as a process of its own, so that the
load does not slow it down, takes one command a line and answers each with one line, and ends with
its standard input.

    target PORT         where new connections go
    cut ONE|ALL HOW     ends connections: reset, close, or torn (in the middle of the next answer)
    commit HOW SECONDS  waits for a COMMIT and breaks its connection:
                        before it is passed on, after it was answered (the answer is dropped),
                        or blind (as soon as it was passed on)
"""

import asyncio
import random
import socket
import struct
import subprocess
import sys

CHUNK = 65536
# What a client may ask before it introduces itself; each is answered with one byte.
ENCRYPTION = (80877103, 80877104)
CANCEL = 80877102
CUTS = ("reset", "close", "torn")
COMMITS = ("before", "after", "blind")


class Connection:
    """A client, and PostgreSQL for it."""

    def __init__(self, client, server):
        self.client = client  # (reader, writer)
        self.server = server
        self.torn = False
        self.muted = False

    def end(self, how="close"):
        for _, writer in (self.client, self.server):
            if writer.is_closing():
                continue
            if how == "reset":
                linger = struct.pack("ii", 1, 0)
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            else:
                writer.close()


class Proxy:
    def __init__(self, target):
        self.target = target
        self.connections = set()
        self.armed = None  # (how, what to tell when it happened)

    async def accept(self, reader, writer):
        try:
            server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        connection = Connection((reader, writer), server)
        self.connections.add(connection)
        try:
            await asyncio.gather(self.ask(connection), self.answer(connection))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.connections.discard(connection)
            connection.end()

    async def ask(self, connection):
        """From the client to PostgreSQL, message by message."""
        reader, _ = connection.client
        _, writer = connection.server
        code = ENCRYPTION[0]
        while code in ENCRYPTION:
            head = await reader.readexactly(8)
            size, code = struct.unpack("!ii", head)
            writer.write(head + await reader.readexactly(size - 8))
        while code != CANCEL:
            head = await reader.readexactly(5)
            kind, size = struct.unpack("!ci", head)
            body = await reader.readexactly(size - 4)
            if self.armed and kind == b"Q" and body.rstrip(b"\0; ").upper() == b"COMMIT":
                self.break_commit(connection, head + body)
                return
            writer.write(head + body)
            await writer.drain()

    def break_commit(self, connection, message):
        (how, told), self.armed = self.armed, None
        if how != "before":
            connection.server[1].write(message)
        if how == "after":
            connection.muted = True
        else:
            connection.end("reset")
        told.set_result(None)

    async def answer(self, connection):
        """From PostgreSQL to the client, as it comes."""
        reader, _ = connection.server
        _, writer = connection.client
        while data := await reader.read(CHUNK):
            if connection.muted:
                connection.end("reset")
                return
            if connection.torn:
                writer.write(data[: len(data) // 2])
                connection.end()
                return
            writer.write(data)
            await writer.drain()
        connection.end()

    def cut(self, how_many, how):
        """Breaks connections; how many."""
        standing = list(self.connections)
        chosen = standing if how_many == "ALL" else random.sample(standing, min(1, len(standing)))
        for connection in chosen:
            if how == "torn":
                connection.torn = True
            else:
                connection.end(how)
        return len(chosen)

    async def commit(self, how, seconds):
        """Breaks the next COMMIT; 1, or 0 when none came by in time."""
        told = asyncio.get_running_loop().create_future()
        self.armed = (how, told)
        done, _ = await asyncio.wait([told], timeout=seconds)
        self.armed = None
        return len(done)

    async def obey(self, line):
        match line.split():
            case ["target", port]:
                self.target = int(port)
                return 0
            case ["cut", how_many, how] if how in CUTS:
                return self.cut(how_many, how)
            case ["commit", how, seconds] if how in COMMITS:
                return await self.commit(how, float(seconds))
        raise ValueError(line)


async def serve(port, target):
    proxy = Proxy(target)
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with await asyncio.start_server(proxy.accept, "127.0.0.1", port):
        print("listening", flush=True)
        while line := await lines.readline():
            print(await proxy.obey(line.decode()), flush=True)


class Handle:
    """The proxy, as the run speaks to it."""

    def __init__(self, port, target):
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(port), str(target)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.process.stdout.readline()

    def tell(self, *command):
        print(*command, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
