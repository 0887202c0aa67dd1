#!/usr/bin/env python3
"""usage: proxy.py LISTEN ENGINE CHANGE

Stands between paddock and an engine, on the unix socket LISTEN. CHANGE is one of

    none
    drop:HostConfig.PidsLimit          takes the field out of a request that creates a container
    drop:network.Internal              the same of one that creates a network
    offer:runc                         tells of that runtime alone
    FAULT:METHOD PART                  spoils the first reply to a request whose line begins with
                                       METHOD and holds PART: error (status 500, and the engine
                                       never hears of it), cut, garbage, huge (32 MB), silent
                                       (there is none)
    kill:N, kill-behind:N              kills who makes the Nth request, before the engine hears of
                                       it or with its answer there, and makes the file LISTEN.killed

Serves until it is killed; prints "ready" first.
"""
import json
import os
import signal
import socket
import struct
import sys
import threading
import time


def read_message(stream):
    """The header's lines and the body, or None at the end."""
    lines = []
    while True:
        line = stream.readline()
        if not line:
            return None
        if line == b"\r\n":
            break
        lines.append(line.rstrip(b"\r\n"))
    headers = {l.split(b":", 1)[0].lower(): l.split(b":", 1)[1].strip() for l in lines[1:]}
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        body = b""
        while True:
            size = int(stream.readline().split(b";")[0], 16)
            body += stream.read(size)
            stream.readline()
            if size == 0:
                break
        return lines, body
    return lines, stream.read(int(headers.get(b"content-length", b"0")))


def write_message(connection, lines, body):
    kept = [l for l in lines if not l.lower().startswith((b"content-length:", b"transfer-encoding:"))]
    if not lines[0].startswith(b"HTTP/1.1 204"):
        kept.append(b"Content-Length: %d" % len(body))
    connection.sendall(b"\r\n".join(kept) + b"\r\n\r\n" + body)


def change(lines, body, what):
    if not what.startswith("drop:"):
        return body
    *parents, last = what[len("drop:"):].split(".")
    made = b"/networks/create" if parents[:1] == ["network"] else b"/containers/create"
    if made not in lines[0]:
        return body
    config = json.loads(body)
    place = config
    for name in parents[1:] if made == b"/networks/create" else parents:
        place = place[name]
    del place[last]
    return json.dumps(config).encode()


def tell(line, reply, what):
    if not what.startswith("offer:") or b"/info" not in line:
        return reply
    lines, body = reply
    info = json.loads(body)
    name = what[len("offer:"):]
    info["Runtimes"] = {name: info["Runtimes"][name]}
    return lines, json.dumps(info).encode()


class Fault:
    """Hits once."""

    def __init__(self, what):
        self.kind, _, where = what.partition(":")
        self.method, _, self.part = where.partition(" ")
        self.left = int(where) if self.kind.startswith("kill") else 0
        self.lock = threading.Lock()
        self.pending = self.kind in ("error", "cut", "garbage", "huge", "silent")

    def hits(self, line):
        hit = self.pending and line.startswith(self.method.encode()) and self.part.encode() in line
        self.pending = self.pending and not hit
        return hit

    def kills(self, client, moment):
        """Counts a request, at each of its two moments; whether its sender is dead now."""
        if self.kind != moment:
            return False
        with self.lock:
            self.left -= 1
            due = self.left == 0
        if due:
            pid = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
            open(sys.argv[1] + ".killed", "w").close()
            os.kill(pid, signal.SIGKILL)
        return due

    def reply(self, client, lines, _):
        if self.kind == "cut":
            client.sendall(lines[0] + b"\r\nContent-Length: 1000\r\n\r\n{")
            client.shutdown(socket.SHUT_RDWR)
        elif self.kind == "silent":
            time.sleep(1000)
        elif self.kind == "garbage":
            write_message(client, [b"HTTP/1.1 200 OK"], b'{"Id": [1, {')
        else:
            write_message(client, [b"HTTP/1.1 200 OK"], b"x" * (32 << 20))


def serve(client, engine_path, what, fault):
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(engine_path)
    from_client, from_engine = client.makefile("rb"), engine.makefile("rb")
    while (message := read_message(from_client)) is not None:
        lines, body = message
        hit = fault.hits(lines[0])
        if hit and fault.kind == "error":
            refusal = b'{"message":"made to fail"}'
            write_message(client, [b"HTTP/1.1 500 Internal Server Error"], refusal)
            continue
        if fault.kills(client, "kill"):
            break
        write_message(engine, lines, change(lines, body, what))
        reply = read_message(from_engine)
        if reply is None or fault.kills(client, "kill-behind"):
            break
        if hit:
            fault.reply(client, *reply)
        else:
            write_message(client, *tell(lines[0], reply, what))
    client.close()
    engine.close()


def main():
    listen, engine_path, what = sys.argv[1:]
    server = socket.socket(socket.AF_UNIX)
    server.bind(listen)
    server.listen(16)
    fault = Fault(what)
    print("ready", flush=True)
    while True:
        client, _ = server.accept()
        threading.Thread(target=serve, args=(client, engine_path, what, fault), daemon=True).start()


main()
