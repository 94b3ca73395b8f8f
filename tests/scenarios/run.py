#!/usr/bin/env python3
"""Runs scenarios: readable texts of commands and what they must answer, on both databases.

  run.py YIPAN [--postgres URL] [NAME ...]

A scenario file holds, line by line:

  # a comment
  file NAME [ENCODING]     the lines up to `end` become a file (default utf-8)
  end
  $ COMMAND                run by bash in the scenario's own folder; `yipan` is the program,
                           $BOARD the database ("sqlite:board.gpkg" or a PostgreSQL URL)
  EXPECTED LINE            must occur in the command's output, after the line expected before it;
                           * stands for anything
  exit N                   the command's exit code (0 if not said)
  absent TEXT              must not occur in the command's output
"""

import argparse
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class Step:
    def __init__(self, line_number, command):
        self.line_number = line_number
        self.command = command
        self.expected = []
        self.absent = []
        self.exit_code = 0


def parse(path):
    """Returns a list of ('file', name, encoding, text) and Step."""
    items = []
    lines = path.read_text(encoding="utf-8").splitlines()
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("file "):
            words = line.split()
            body = []
            while lines[i] != "end":
                body.append(lines[i])
                i += 1
            i += 1
            encoding = words[2] if len(words) > 2 else "utf-8"
            items.append(("file", words[1], encoding, "\n".join(body) + "\n"))
        elif line.startswith("$ "):
            items.append(Step(i, line[2:]))
        elif line.startswith("exit "):
            items[-1].exit_code = int(line[5:])
        elif line.startswith("absent "):
            items[-1].absent.append(line[7:])
        else:
            items[-1].expected.append(line.strip())
    return items


def matches(pattern, line):
    escaped = re.sub(r"([\[\]?])", r"[\1]", pattern)
    return fnmatch.fnmatchcase(line.strip(), escaped)


def check(step, code, output):
    """Returns what is wrong, or None."""
    if code != step.exit_code:
        return f"exit code {code}, expected {step.exit_code}"
    lines = output.splitlines()
    at = 0
    for pattern in step.expected:
        while at < len(lines) and not matches(pattern, lines[at]):
            at += 1
        if at == len(lines):
            return f"no line matches (in this order): {pattern}"
        at += 1
    for text in step.absent:
        if text in output:
            return f"this must not occur: {text}"
    return None


def run_scenario(path, yipan, board):
    folder = tempfile.mkdtemp(prefix="yipan-scenario-")
    env = dict(os.environ, BOARD=board, YIPAN_LANG="zh", ROOT=str(ROOT), LC_ALL="C.UTF-8",
               SHARED=str(ROOT.parent / "shared"),
               PATH=f"{pathlib.Path(yipan).resolve().parent}:{os.environ['PATH']}")
    env.pop("YIPAN_CITY", None)
    try:
        for item in parse(path):
            if isinstance(item, tuple):
                target = pathlib.Path(folder, item[1])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(item[3].encode(item[2]))
                continue
            done = subprocess.run(["bash", "-c", item.command], cwd=folder, env=env,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
            output = done.stdout.decode("utf-8", "replace")
            wrong = check(item, done.returncode, output)
            if wrong:
                return f"{path.name}:{item.line_number}: {wrong}\n$ {item.command}\n{output}"
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_board(url, name):
    """A fresh PostgreSQL schema for a scenario, as the options for `yipan init`."""
    schema = "s_" + re.sub(r"\W", "_", name) + f"_{os.getpid()}"
    return f"{url} --board-schema {schema}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("yipan")
    parser.add_argument("--postgres", default=os.environ.get("YIPAN_TEST_POSTGRES", ""))
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    url = args.postgres
    if url and os.path.exists(url):
        url = pathlib.Path(url).read_text().strip()
    passed, failed = 0, 0
    for path in sorted(HERE.glob("*.txt")):
        if args.names and path.stem not in args.names:
            continue
        boards = [("SQLite", "sqlite:board.gpkg")]
        if url.startswith("postgres"):
            boards.append(("PostgreSQL", postgres_board(url, path.stem)))
        for name, board in boards:
            problem = run_scenario(path, args.yipan, board)
            print(f"{'ok    ' if problem is None else 'FAILED'} {path.stem} ({name})")
            if problem:
                failed += 1
                print(problem)
            else:
                passed += 1
    if not url:
        print("skipped on PostgreSQL: no cluster was given")
    print(f"scenarios: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
