#!/usr/bin/env python3
"""usage: knock.py listen PORT         counts what arrives over TCP and UDP: a line for each
          knock.py knock DEVICE PORT ADDRESS
                                       tries every way that it knows to the address, the network's
                                       gateway, the addresses beside it, and an engine's resolver,
                                       and prints a line for each that was not refused
          knock.py ask DEVICE          asks an engine's resolver by that device
"""
import socket
import struct
import sys
import threading

RESOLVER = "127.0.0.11"


def listen(port):
    tcp = socket.socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    tcp.bind(("0.0.0.0", port))
    tcp.listen()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("0.0.0.0", port))
    print("ready", flush=True)

    def datagrams():
        while True:
            udp.recvfrom(100)
            print("udp", flush=True)

    threading.Thread(target=datagrams, daemon=True).start()
    while True:
        tcp.accept()[0].close()
        print("tcp", flush=True)


def own_address():
    """The one that is not loopback's, from the kernel's table of local addresses."""
    lines = open("/proc/net/fib_trie").read().split("\n")
    for line, after in zip(lines, lines[1:]):
        address = line.replace("|--", "").strip()
        if "/32 host LOCAL" in after and not address.startswith("127."):
            return address
    return None


def bound(kind, device):
    sock = socket.socket(socket.AF_INET, kind)
    sock.settimeout(2)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    if device:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    return sock


def attempt(name, act):
    try:
        act()
        print("reached", name, flush=True)
    except OSError:
        pass


def ask_resolver(device):
    question = struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + b"\x07example\x04test\0" + struct.pack(">HH", 1, 1)
    sock = bound(socket.SOCK_DGRAM, device)
    sock.connect((RESOLVER, 53))
    sock.send(question)
    try:
        sock.recv(512)  # refused: nobody is there
    except TimeoutError:
        pass


def knock(device, port, outside):
    address = own_address()
    if address:
        head = address.split(".")
        # The first and second of a /16 and of a /24: where engines put gateways; and broadcasts.
        near = {".".join(head[:2] + ["0", "1"]), ".".join(head[:3] + ["1"]), ".".join(head[:2] + ["255", "255"]),
                ".".join(head[:3] + ["255"]), outside} - {address}
        for to in sorted(near):
            for by in ("", device):
                attempt(f"tcp {to} {by}", lambda: bound(socket.SOCK_STREAM, by).connect((to, port)))
                attempt(f"udp {to} {by}", lambda: bound(socket.SOCK_DGRAM, by).sendto(b"x", (to, port)))
    # Whether an answer comes back is the business of a name server, and there may be none here.
    attempt("resolver", lambda: ask_resolver(""))
    print("knocked", flush=True)


if sys.argv[1] == "listen":
    listen(int(sys.argv[2]))
elif sys.argv[1] == "ask":
    attempt("resolver", lambda: ask_resolver(sys.argv[2]))
else:
    knock(sys.argv[2], int(sys.argv[3]), sys.argv[4])
