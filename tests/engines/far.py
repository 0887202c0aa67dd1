#!/usr/bin/env python3
"""usage: far.py PORT KEYS ENGINE CHANGE

An engine that looks as if it were on another machine: answers over TLS at 127.0.0.1:PORT with the
server's certificate in the folder KEYS, passes all on to the unix socket ENGINE, and in the replies
changes `kernel`, `data` (of /info), or `pid` (of a running container). Prints "ready" first.
"""
import http.client
import json
import socket
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

port, keys, engine, what = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]


class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(engine)


def change(path, body):
    if what in ("kernel", "data") and path.endswith("/info"):
        info = json.loads(body)
        info["KernelVersion" if what == "kernel" else "DockerRootDir"] = "/elsewhere"
        return json.dumps(info).encode()
    if what == "pid" and "/containers/" in path and path.endswith("/json"):
        container = json.loads(body)
        if container.get("State", {}).get("Pid"):
            container["State"]["Pid"] = 1
        return json.dumps(container).encode()
    return body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def pass_on(self):
        connection = Engine("engine")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection.request(self.command, self.path, body, {"Content-Type": self.headers.get("Content-Type", "")})
        reply = connection.getresponse()
        content = change(self.path, reply.read())
        self.send_response(reply.status)
        for name in ("Server", "Api-Version", "Content-Type"):
            if reply.headers.get(name):
                self.send_header(name, reply.headers[name])
        if reply.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if reply.status != 204:
            self.wfile.write(content)

    do_GET = do_POST = do_DELETE = pass_on

    def send_response(self, code, message=None):
        self.send_response_only(code, message)  # without a Server of its own


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(keys + "/server-cert.pem", keys + "/server-key.pem")
server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
