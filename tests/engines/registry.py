#!/usr/bin/env python3
"""usage: registry.py KIND

A registry on 127.0.0.1:5000 that does not do as it should. KIND is one of

    garbage   answers everything with something that is no JSON
    slow      has one image under every name, whose layer comes a byte at a time
    steady    the same, in some seconds
    liar      has one image under every name and every digest
    token     the same, for those who exchange the identity token "t0" at its token service

Serves until it is killed; prints "ready" first.
"""
import hashlib
import http.server
import json
import platform
import sys
import time
import urllib.parse

KIND = sys.argv[1]
LAYER = b"\0" * (8 << 20)  # an empty archive, and long


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
CONFIG = json.dumps({"architecture": ARCHITECTURE, "os": "linux", "config": {},
                     "rootfs": {"type": "layers", "diff_ids": [digest(LAYER)]}}).encode()
V2 = "application/vnd.docker.distribution.manifest.v2+json"
MANIFEST = json.dumps({
    "schemaVersion": 2, "mediaType": V2,
    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(CONFIG), "digest": digest(CONFIG)},
    "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar", "size": len(LAYER), "digest": digest(LAYER)}],
}).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, content, kind="application/json", seldom=False):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.end_headers()
        if self.command == "HEAD":
            return
        if not seldom:
            self.wfile.write(content)
            return
        print("sending", flush=True)
        step = 1 if KIND == "slow" else 64 << 10
        for begin in range(0, len(content), step):
            self.wfile.write(content[begin:begin + step])
            self.wfile.flush()
            time.sleep(0.05)

    def refuse(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Bearer realm="http://127.0.0.1:5000/token",service="rig"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def read_body(self):
        """Docker tells its length, Podman sends it in chunks."""
        if "Content-Length" in self.headers:
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while length := int(self.rfile.readline(), 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_POST(self):
        """The token service: OAuth 2, as Docker's registries have it."""
        form = urllib.parse.parse_qs(self.read_body().decode())
        if form.get("grant_type") == ["refresh_token"] and form.get("refresh_token") == ["t0"]:
            self.answer(json.dumps({"access_token": "a0", "token": "a0", "expires_in": 300}).encode())
        else:
            self.refuse()

    def do_GET(self):
        if KIND == "token" and self.headers.get("Authorization") != "Bearer a0":
            self.refuse()
        elif KIND == "garbage":
            self.answer(b"[[[" * 1000)
        elif "/manifests/" in self.path:
            self.answer(MANIFEST, V2)
        elif self.path.endswith(digest(CONFIG)):
            self.answer(CONFIG)
        elif "/blobs/" in self.path:
            self.answer(LAYER, "application/octet-stream", KIND in ("slow", "steady"))
        else:
            self.answer(b"{}")

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer.daemon_threads = True
server = http.server.ThreadingHTTPServer(("127.0.0.1", 5000), Handler)
print("ready", flush=True)
server.serve_forever()
