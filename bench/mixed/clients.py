"""Clients of an HTTP server, all in one thread: each asks over its own connection that stays open, and times what it asked.

In a closed loop a client asks again as soon as it was answered. In an open loop queries come at a rate, whatever becomes of those before; one that
finds no free client waits for it, and its time begins when it came."""

import collections
import json
import selectors
import socket
import time
from typing import NamedTuple, Optional

RECEIVE_BYTES = 1 << 18


class Answered(NamedTuple):
    kind: str
    came: float  # seconds since the loop began
    took: float
    status: int


def request_of(native):
    body = json.dumps(native).encode()
    return b"POST /druid/v2/ HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Client:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked = None

    def ask(self, kind, request, came):
        self.asked = (kind, came)
        self.head, self.received, self.last = None, 0, b""
        self.socket.sendall(request)  # small: the socket takes it at once

    def receive(self):
        """The status, once the answer has ended."""
        piece = self.socket.recv(RECEIVE_BYTES)
        if not piece:
            raise ConnectionError("the server has closed a connection")
        if self.head is None:
            self.last += piece
            end = self.last.find(b"\r\n\r\n") + 4
            if end < 4:
                return None
            self.head, piece, self.last = self.last[:end].lower(), self.last[end:], b""
            at = self.head.find(b"content-length:")
            self.length: Optional[int] = int(self.head[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else None
        self.received += len(piece)
        self.last = (self.last + piece)[-4:]
        ended = self.received >= self.length if self.length is not None else self.last == b"\r\n\r\n"  # within JSON no line ends like that
        return int(self.head.split(b" ", 2)[1]) if ended else None

    def close(self):
        self.socket.close()


class Loop:
    """Asks `queries`, each a kind and a request, once, and waits for all answers."""

    def __init__(self, address, clients, queries):
        self.selector = selectors.DefaultSelector()
        self.clients = [Client(address) for _ in range(clients)]
        for client in self.clients:
            self.selector.register(client.socket, selectors.EVENT_READ, client)
        self.queries = queries
        self.free = collections.deque(self.clients)
        self.waiting = collections.deque()
        self.answers = []
        self.began = time.perf_counter()

    def begin(self, kind, request):
        self.waiting.append((kind, request, time.perf_counter()))
        self.hand_out()

    def hand_out(self):
        while self.free and self.waiting:
            self.free.popleft().ask(*self.waiting.popleft())

    def poll(self, timeout):
        for key, _ in self.selector.select(timeout):
            client = key.data
            status = client.receive()
            if status is not None:
                kind, came = client.asked
                self.answers.append(Answered(kind, came - self.began, time.perf_counter() - came, status))
                self.free.append(client)

    def closed(self):
        for kind, request in self.queries:
            while not self.free:
                self.poll(1)
            self.begin(kind, request)
        return self.ended()

    def open(self, pauses):
        """`pauses`: between one query's coming and the next's, in seconds."""
        comes = self.began
        for (kind, request), pause in zip(self.queries, pauses):
            comes += pause
            while (left := comes - time.perf_counter()) > 0:
                self.poll(left)
                self.hand_out()
            self.waiting.append((kind, request, comes))
            self.hand_out()
        return self.ended()

    def ended(self):
        """(answers, seconds)"""
        while len(self.free) < len(self.clients) or self.waiting:
            self.poll(1)
            self.hand_out()
        took = time.perf_counter() - self.began
        self.selector.close()
        for client in self.clients:
            client.close()
        return self.answers, took
