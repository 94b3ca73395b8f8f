#!/usr/bin/env python3
"""A disk that is really full and a folder that is really read-only, at the command line.

  disk.py YIPAN

Runs itself again in a mount namespace of its own, where a small tmpfs holds the city. Exit code 77
(skipped) where this user may not make one.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile


def call(yipan, city, *args, lang="en"):
    env = dict(os.environ, YIPAN_LANG=lang, YIPAN_CITY=str(city))
    return subprocess.run([yipan, *args], env=env, capture_output=True, text=True, timeout=120)


def expect(condition, what, run=None):
    if not condition:
        detail = f"\n--- stdout\n{run.stdout}\n--- stderr\n{run.stderr}" if run else ""
        sys.exit(f"FAILED: {what}{detail}")
    print("ok   ", what)


def offices(path, count, first=0):
    lines = ["id,name,kind"]
    lines += [f"O{i},office {i},department" for i in range(first, first + count)]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def ledger_size(yipan, city):
    shown = call(yipan, city, "--json", "show")
    expect(shown.returncode == 0, "the city opens", shown)
    return json.loads(shown.stdout)["ledger_size"]


def full_disk(yipan, root):
    small = root / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], check=True)
    city = small / "city"
    made = call(yipan, city, "init", str(city), "--name", "t", "--origin", "yipan.test/t")
    expect(made.returncode == 0, "a city fits on the small disk", made)
    first = call(yipan, city, "import", offices(root / "a.csv", 20), "--table", "organisations")
    expect(first.returncode == 0, "a small file enters", first)
    before = ledger_size(yipan, city)
    big = offices(root / "b.csv", 60_000, first=1000)
    for lang, words in (("en", ["the disk is full", "free space"]), ("zh", ["磁盘", "处理办法"])):
        hurt = call(yipan, city, "import", big, "--table", "organisations", "--dataset", "b",
                    lang=lang)
        expect(hurt.returncode == 1, "a file that does not fit is refused", hurt)
        expect(all(word in hurt.stderr for word in words), f"the message says so ({lang})", hurt)
    expect(ledger_size(yipan, city) == before, "nothing of it is in the ledger")
    subprocess.run(["mount", "-o", "remount,size=256m", small], check=True)
    again = call(yipan, city, "import", big, "--table", "organisations", "--dataset", "b",
                 "--reason", "more room")
    expect(again.returncode == 0, "with more room it enters", again)
    checked = call(yipan, city, "fsck")
    expect(checked.returncode == 0, "fsck finds nothing", checked)
    return city, small


def read_only_folder(yipan, root, city, small):
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    shown = call(yipan, city, "--json", "show")
    expect(shown.returncode == 0, "a read-only city can be looked at", shown)
    for lang, words in (("en", ["read-only", "What to do"]), ("zh", ["只读", "处理办法"])):
        few = offices(root / "c.csv", 3, first=70_000)
        hurt = call(yipan, city, "import", few, "--table", "organisations", "--dataset", "c",
                    lang=lang)
        expect(hurt.returncode == 1, "it takes nothing in", hurt)
        expect(words[0].lower() in hurt.stderr.lower(), f"the message says why ({lang})", hurt)
    elsewhere = call(yipan, city, "init", str(small / "new"), "--name", "n", "--origin", "y.t/n")
    expect(elsewhere.returncode == 1 and elsewhere.stderr != "", "no city is made there", elsewhere)
    subprocess.run(["mount", "-o", "remount,rw", small], check=True)
    expect(not (small / "new").exists(), "nothing is left behind")


def inside(yipan):
    root = pathlib.Path(tempfile.mkdtemp(prefix="yipan-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", root], check=True)
    city, small = full_disk(yipan, root)
    read_only_folder(yipan, root, city, small)
    print("disk: all as it should be")


def main():
    yipan = os.path.realpath(sys.argv[1])
    if len(sys.argv) > 2 and sys.argv[2] == "--inside":
        return inside(yipan)
    isolate = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run([*isolate, "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                      capture_output=True).returncode != 0:
        print("skipped: this user may not mount in a namespace of its own")
        sys.exit(77)
    sys.exit(subprocess.run([*isolate, sys.executable, __file__, yipan, "--inside"]).returncode)


if __name__ == "__main__":
    main()
