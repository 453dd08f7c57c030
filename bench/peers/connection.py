"""A kept HTTP connection that costs little: one write a request, and nothing is understood of an answer before all of it is there."""

import socket
import time


class Connection:
    def __init__(self, host, port):
        self.address = (host, int(port))
        self.socket = None

    def post(self, path, body):
        """(status, body of the answer, seconds from the request to the last byte)"""
        request = (f"POST {path} HTTP/1.1\r\nHost: {self.address[0]}\r\nContent-Type: application/json\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n").encode() + body
        if self.socket is None:
            self.open()
        begin = time.perf_counter()
        try:
            self.socket.sendall(request)
            answer = Answer(self.socket)
        except ConnectionError:  # closed while others had their turn
            self.open()
            begin = time.perf_counter()
            self.socket.sendall(request)
            answer = Answer(self.socket)
        return answer.status, answer.body, time.perf_counter() - begin

    def open(self):
        self.close()
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None


class Answer:
    def __init__(self, source):
        self.source = source
        self.bytes = bytearray()
        head_end = self.find(b"\r\n\r\n", 0) + 4
        head = bytes(self.bytes[:head_end]).lower()
        self.status = int(head.split(None, 2)[1])
        length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        self.body = self.chunks(head_end) if b"transfer-encoding: chunked" in head else self.until(head_end, head_end + int(length or 0))

    def receive(self):
        piece = self.source.recv(1 << 20)
        if not piece:
            raise ConnectionResetError("the server has closed the connection")
        self.bytes += piece

    def find(self, pattern, begin):
        while (at := self.bytes.find(pattern, begin)) < 0:
            self.receive()
        return at

    def until(self, begin, end):
        while len(self.bytes) < end:
            self.receive()
        return bytes(self.bytes[begin:end])

    def chunks(self, at):
        body = []
        while True:
            size_end = self.find(b"\r\n", at)
            size = int(self.bytes[at:size_end], 16)
            if size == 0:
                return self.trailers(size_end, body)
            body.append(self.until(size_end + 2, size_end + 2 + size))
            at = size_end + 2 + size + 2

    def trailers(self, at, body):
        """An empty line ends them, which may be the first."""
        self.find(b"\r\n\r\n", at)
        return b"".join(body)
