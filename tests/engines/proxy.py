#!/usr/bin/env python3
"""usage: proxy.py LISTEN ENGINE CHANGE

Stands between paddock and an engine, on the unix socket LISTEN. CHANGE is one of

    none
    drop:HostConfig.PidsLimit          takes the field out of a request that creates a container
    drop:network.Internal              the same of one that creates a network
    offer:runc                         tells of that runtime alone
    prefer:runsc                       has that runtime make each container for which none is asked
    FAULT:WHERE                        spoils one exchange, and makes the file LISTEN.hit. WHERE is
                                       a number, the Nth request, or METHOD PART, the first whose
                                       line begins with METHOD and holds PART. FAULT is error
                                       (status 500, and the engine never hears of it), a reply that
                                       is cut, garbage, huge (32 MB), silent (there is none), late
                                       (2 s) or slow (a byte a second), or the death of who asked:
                                       kill (before the engine hears of it), kill-behind (after)

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
    if not lines[0].startswith((b"HTTP/1.1 101", b"HTTP/1.1 204")):
        kept.append(b"Content-Length: %d" % len(body))
    connection.sendall(b"\r\n".join(kept) + b"\r\n\r\n" + body)


def change(lines, body, what):
    if what.startswith("prefer:") and b"/containers/create" in lines[0]:
        config = json.loads(body)
        config["HostConfig"].setdefault("Runtime", what[len("prefer:"):])
        return json.dumps(config).encode()
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

    KINDS = ("error", "cut", "garbage", "huge", "silent", "late", "slow", "kill", "kill-behind")

    def __init__(self, what):
        self.kind, _, where = what.partition(":")
        self.left = int(where) if where.isdigit() else 1
        self.method, _, self.part = ("", "", "") if where.isdigit() else where.partition(" ")
        self.lock = threading.Lock()

    def hits(self, line):
        if self.kind not in self.KINDS or not line.startswith(self.method.encode()) or self.part.encode() not in line:
            return False
        with self.lock:
            self.left -= 1
            hit = self.left == 0
        if hit:
            open(sys.argv[1] + ".hit", "w").close()
        return hit

    def ends_before(self, client):
        """What comes in place of asking the engine; whether anything does."""
        if self.kind == "error":
            refusal = b'{"message":"made to fail"}'
            write_message(client, [b"HTTP/1.1 500 Internal Server Error"], refusal)
        elif self.kind == "kill":
            kill_peer(client)
        return self.kind in ("error", "kill")

    def reply(self, client, lines, body):
        if self.kind == "kill-behind":
            kill_peer(client)
        elif self.kind == "cut":
            client.sendall(lines[0] + b"\r\nContent-Length: 1000\r\n\r\n{")
            client.shutdown(socket.SHUT_RDWR)
        elif self.kind == "silent":
            time.sleep(1000)
        elif self.kind == "late":
            time.sleep(2)
            write_message(client, lines, body)
        elif self.kind == "slow":
            for byte in b"\r\n".join(lines) + b"\r\n\r\n":
                client.sendall(bytes([byte]))
                time.sleep(1)
        elif self.kind == "garbage":
            write_message(client, [b"HTTP/1.1 200 OK"], b'{"Id": [1, {')
        else:
            write_message(client, [b"HTTP/1.1 200 OK"], b"x" * (32 << 20))


def kill_peer(client):
    pid = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    os.kill(pid, signal.SIGKILL)


def pass_on(source, to):
    try:
        while data := source.read1(1 << 16):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has ended


def serve(client, engine_path, what, fault):
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(engine_path)
    from_client, from_engine = client.makefile("rb"), engine.makefile("rb")
    while (message := read_message(from_client)) is not None:
        lines, body = message
        hit = fault.hits(lines[0])
        if hit and fault.ends_before(client):
            continue
        write_message(engine, lines, change(lines, body, what))
        reply = read_message(from_engine)
        if reply is None:
            break
        if hit:
            fault.reply(client, *reply)
        else:
            write_message(client, *tell(lines[0], reply, what))
        if reply[0][0].startswith(b"HTTP/1.1 101"):  # a stream from now on
            threading.Thread(target=pass_on, args=(from_engine, client), daemon=True).start()
            pass_on(from_client, engine)
            return
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
