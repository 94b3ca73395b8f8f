#!/usr/bin/env python3
"""Breaks `yipan` at every system call that changes the disk, and checks that nothing is lost.

  crash.py YIPAN [--every N] [--seed S] [--stop-after SECONDS]

A workload (two imports, a second vintage, a refused file) runs under strace, which makes the N-th
write, fdatasync, fsync, rename or ftruncate fail with EIO or ENOSPC, or kills the process there.
After each: the city opens; what was acknowledged is in the ledger; fsck finds nothing; the board
equals what the ledger gives (rebuild says the content is the same); the workload can be finished.

--every N tries each N-th call only (the first and last of each kind always).
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

CALLS = ["write", "pwrite64", "fdatasync", "fsync", "rename", "ftruncate", "openat", "mkdir",
         "unlink"]
FAULTS = ["error=EIO", "error=ENOSPC", "signal=KILL"]


class City:
    """A city in a folder of its own, and the program to work on it."""

    def __init__(self, yipan, template):
        self.yipan = yipan
        self.folder = tempfile.mkdtemp(prefix="yipan-crash-")
        shutil.copytree(template, self.folder, dirs_exist_ok=True, symlinks=True)
        self.dir = os.path.join(self.folder, "city")

    def run(self, *args, wrap=()):
        env = dict(os.environ, YIPAN_LANG="en", YIPAN_CITY=self.dir)
        return subprocess.run([*wrap, self.yipan, *args], cwd=self.folder, env=env,
                              capture_output=True, text=True, timeout=120)

    def acknowledged(self):
        """Entries that an `import` has confirmed on its output."""
        path = os.path.join(self.folder, "acknowledged")
        return [int(x) for x in open(path).read().split()] if os.path.exists(path) else []

    def drop(self):
        shutil.rmtree(self.folder, ignore_errors=True)


STEPS = [
    ("import", "a.csv", "--table", "organisations", "--dataset", "t/organisations"),
    ("import", "b.csv", "--table", "organisations", "--dataset", "t/organisations",
     "--reason", "second vintage"),
    ("import", "bad.csv", "--table", "organisations", "--dataset", "t/bad"),
]


def rows(first, last, name):
    lines = ["id,name,kind"]
    lines += [f"O{i},{name}{i},department" for i in range(first, last)]
    return "\n".join(lines) + "\n"


def make_template(yipan):
    folder = tempfile.mkdtemp(prefix="yipan-crash-template-")
    pathlib.Path(folder, "a.csv").write_text(rows(0, 40, "office"))
    pathlib.Path(folder, "b.csv").write_text(rows(10, 60, "bureau"))
    pathlib.Path(folder, "bad.csv").write_text(rows(0, 3, "x") + "O1,again,department\n")
    env = dict(os.environ, YIPAN_LANG="en")
    subprocess.run([yipan, "init", os.path.join(folder, "city"), "--name", "t", "--origin",
                    "yipan.test/t"], check=True, env=env, capture_output=True)
    return folder


def entry_of(output):
    try:
        return json.loads(output).get("entry")
    except (ValueError, AttributeError):
        return None


def count_calls(yipan, template, step):
    city = City(yipan, template)
    try:
        for before in STEPS[:step]:
            city.run(*before)
        trace = os.path.join(city.folder, "trace")
        city.run(*STEPS[step], wrap=("strace", "-f", "-qq", "-o", trace, "-e",
                                     "trace=" + ",".join(CALLS)))
        counts = dict.fromkeys(CALLS, 0)
        for line in open(trace, errors="replace"):
            found = re.match(r"\d+\s+(\w+)\(", line)
            if found and found.group(1) in counts:
                counts[found.group(1)] += 1
        return counts
    finally:
        city.drop()


def verify(city, acknowledged):
    """Returns what is wrong after the crash, or None."""
    shown = city.run("--json", "show")
    if shown.returncode != 0:
        return "show failed: " + shown.stderr
    size = json.loads(shown.stdout)["ledger_size"]
    lost = [entry for entry in acknowledged if entry >= size]
    if lost:
        return f"acknowledged entries {lost} are not among the {size}"
    again = city.run("rebuild")
    if again.returncode != 0:
        return "the board is not what the ledger gives: " + again.stdout + again.stderr
    checked = city.run("fsck")
    if checked.returncode != 0:
        return "fsck: " + checked.stdout + checked.stderr
    for step in STEPS[:2]:
        done = city.run(*step)
        if done.returncode != 0:
            return "the work could not be finished: " + done.stderr
    counted = city.run("--json", "show", "organisations", "--columns", "id", "--limit", "1000")
    found = len(json.loads(counted.stdout))
    return None if found == 50 else f"{found} organisations, expected 50"


def trial(yipan, template, step, call, fault, at):
    city = City(yipan, template)
    try:
        acknowledged = []
        for before in STEPS[:step]:
            entry = entry_of(city.run("--json", *before).stdout)
            acknowledged += [entry] if entry is not None else []
        hurt = city.run("--json", *STEPS[step],
                        wrap=("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                              "-e", f"inject={call}:{fault}:when={at}"))
        entry = entry_of(hurt.stdout)
        if hurt.returncode == 0 and entry is not None:
            acknowledged.append(entry)
        wrong = verify(city, acknowledged)
        return wrong and f"{wrong}\n  after: {hurt.stdout}{hurt.stderr}"
    finally:
        city.drop()


def plan(counts, every, rng):
    for call, count in counts.items():
        for at in range(1, count + 1):
            if at in (1, count) or every == 1 or rng.randrange(every) == 0:
                for fault in FAULTS:
                    yield call, fault, at


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("yipan")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop-after", type=float, default=1e9)
    args = parser.parse_args()
    yipan = os.path.realpath(args.yipan)
    if shutil.which("strace") is None:
        print("crash: skipped, strace is not installed")
        return 0
    probe = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        print("crash: skipped, this machine does not let strace trace")
        return 0
    rng = random.Random(args.seed)
    started, passed, failed, left = time.monotonic(), 0, 0, 0
    template = make_template(yipan)
    for step in range(len(STEPS)):
        for call, fault, at in plan(count_calls(yipan, template, step), args.every, rng):
            if time.monotonic() - started > args.stop_after:
                left += 1
                continue
            wrong = trial(yipan, template, step, call, fault, at)
            if wrong is None:
                passed += 1
                continue
            failed += 1
            print(f"FAILED {' '.join(STEPS[step][:2])}: {call} #{at} {fault}: {wrong}", flush=True)
    shutil.rmtree(template, ignore_errors=True)
    print(f"crash (seed {args.seed}): {passed} passed, {failed} failed, {left} not tried for time")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
