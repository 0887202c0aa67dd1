#!/usr/bin/env python3
"""usage: push.py SOCKET NAME TAG

Has the engine behind SOCKET push NAME:TAG to its registry; prints the digest that it got there.
"""
import http.client
import json
import re
import socket
import sys


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(sys.argv[1])


def main():
    _, _, name, tag = sys.argv
    connection = Unix("engine")
    connection.request("GET", "/v1.41/_ping")
    podman = "Libpod" in connection.getresponse().getheader("Server", "")
    whole = f"{name}:{tag}" if podman else name
    connection = Unix("engine")
    query = "tlsVerify=false" if podman else f"tag={tag}"
    path = f"/v1.41/images/{whole}/push?{query}"
    connection.request("POST", path, headers={"X-Registry-Auth": "e30="})
    lines = [json.loads(line) for line in connection.getresponse().read().splitlines() if line]
    digests = [m[0] for line in lines if (m := re.findall(r"digest: (sha256:[0-9a-f]{64})", line.get("status", "")))]
    if not digests:
        sys.exit(f"not pushed: {lines}")
    print(digests[-1])


main()
