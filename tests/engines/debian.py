#!/usr/bin/env python3
"""usage: debian.py ROOT.tar FOLDER PACKAGE...

From what is installed on this machine, and nothing from outside: ROOT.tar is a root file system of
Debian's essential packages and apt, and FOLDER an apt repository of the packages that are named and
all that they depend on. A package that is not installed is left out, and said so.
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

INFO = "/var/lib/dpkg/info"
# What no program needs to run.
LEFT_OUT = ("/usr/share/doc/", "/usr/share/info/", "/usr/share/locale/", "/usr/share/man/", "/usr/include/")
MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")  # links into /usr, and folders in packages


def read_status():
    """Of each installed package its fields, by name."""
    packages = {}
    for stanza in open("/var/lib/dpkg/status", encoding="utf-8").read().split("\n\n"):
        fields = dict(re.findall(r"^(\S+): ?((?:.*)(?:\n[ \t].*)*)", stanza, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            packages[fields["Package"]] = (fields, stanza)
    return packages


def providers(packages):
    table = {}
    for name, (fields, _) in packages.items():
        for one in re.split(r",\s*", fields.get("Provides", "")):
            table.setdefault(one.split(" ")[0], []).append(name)
    return table


def closure(names, packages):
    provided = providers(packages)
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in packages:
            candidates = provided.get(name, [])
            if not candidates:
                continue
            name = candidates[0]
        if name in found:
            continue
        found.add(name)
        fields = packages[name][0]
        for group in re.split(r",\s*", fields.get("Pre-Depends", "") + "," + fields.get("Depends", "")):
            choices = [re.split(r"[ :(]", choice.strip())[0] for choice in group.split("|")]
            todo += [c for c in choices if c in packages or c in provided][:1]
    return found


def info_files(name, packages):
    """dpkg's own files about a package, by what they are."""
    architecture = packages[name][0]["Architecture"]
    found = {}
    for stem in (f"{name}:{architecture}.", f"{name}."):
        for file in os.listdir(INFO):
            if file.startswith(stem) and file[len(stem):].isalnum():
                found.setdefault(file[len(stem):], os.path.join(INFO, file))
    return found


def files_of(name, packages):
    return [p for p in open(info_files(name, packages)["list"], encoding="utf-8").read().split("\n") if p not in ("", "/.")]


def write_root(path, base, packages):
    def in_place(name):
        directory, last = os.path.split(name)
        return os.path.join(os.path.realpath(directory), last)

    with tarfile.open(path, "w") as tar:
        done = set()

        def add(name):
            place = in_place(name)
            if place not in done and os.path.lexists(place) and not place.startswith(LEFT_OUT):
                done.add(place)
                tar.add(place, place.lstrip("/"), recursive=False)

        for link in MERGED:
            add(link)
        for name in sorted(base):
            for file in files_of(name, packages):
                add(file)
            for file in info_files(name, packages).values():
                add(file)
        for extra in ("/etc/alternatives/awk", "/usr/bin/awk"):
            add(extra)
        with tempfile.TemporaryDirectory() as folder:
            made = {
                "var/lib/dpkg/status": "\n\n".join(packages[name][1] for name in sorted(base)) + "\n\n",
                "etc/passwd": open("/usr/share/base-passwd/passwd.master", encoding="utf-8").read().replace(":*:", ":x:")
                + "_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\n",
                "etc/group": open("/usr/share/base-passwd/group.master", encoding="utf-8").read().replace(":*:", ":x:"),
            }
            for name, content in made.items():
                file = os.path.join(folder, "made")
                with open(file, "w", encoding="utf-8") as out:
                    out.write(content)
                tar.add(file, name)


def share(path, to):
    """A second name for the file, where that can be."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copy2(path, to)


def write_package(name, folder, packages):
    fields, stanza = packages[name]
    with tempfile.TemporaryDirectory() as tree:
        for path in files_of(name, packages):
            to = tree + path
            if os.path.islink(path) and path not in MERGED:
                os.makedirs(os.path.dirname(to), exist_ok=True)
                if not os.path.lexists(to):
                    os.symlink(os.readlink(path), to)
            elif os.path.isdir(path):
                os.makedirs(to, exist_ok=True)
            elif os.path.isfile(path) and not path.startswith(LEFT_OUT):
                os.makedirs(os.path.dirname(to), exist_ok=True)
                share(path, to)
        control = os.path.join(tree, "DEBIAN")
        os.makedirs(control)
        kept = [l for l in stanza.split("\n") if not l.startswith("Status:")]
        text = re.sub(r"^Conffiles:\n(?: .*\n?)*", "", "\n".join(kept) + "\n", flags=re.MULTILINE)
        with open(os.path.join(control, "control"), "w", encoding="utf-8") as out:
            out.write(text)
        for kind, file in info_files(name, packages).items():
            if kind in ("preinst", "postinst", "prerm", "postrm", "triggers", "templates", "config", "shlibs"):
                shutil.copy2(file, os.path.join(control, kind))
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, f"{folder}/{name}_{fields['Architecture']}.deb"],
                       check=True, stdout=subprocess.DEVNULL)


def write_index(folder):
    with open(f"{folder}/Packages", "w", encoding="utf-8") as index:
        for file in sorted(os.listdir(folder)):
            if file.endswith(".deb"):
                control = subprocess.run(["dpkg-deb", "--field", f"{folder}/{file}"], check=True, capture_output=True, text=True).stdout
                with open(f"{folder}/{file}", "rb") as archive:
                    content = archive.read()
                index.write(f"{control}Filename: ./{file}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n\n")


def main():
    root, folder, *names = sys.argv[1:]
    packages = read_status()
    for name in names:
        if name not in packages:
            print(f"not installed: {name}", file=sys.stderr)
    essential = [name for name, (fields, _) in packages.items() if fields.get("Essential") == "yes"]
    base = closure([*essential, "apt", "passwd"], packages)
    write_root(root, base, packages)
    os.makedirs(folder, exist_ok=True)
    for name in sorted(closure([n for n in names if n in packages], packages) - base):
        write_package(name, folder, packages)
    write_index(folder)


main()
