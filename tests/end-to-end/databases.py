#!/usr/bin/env python3
"""The same city on SQLite and on PostgreSQL: its exports are the same bytes, its findings the same.

  databases.py YIPAN PG_URL_FILE

Exit code 77 (skipped) without PostgreSQL.
"""

import filecmp
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

AS_OF = "2022-11-30"


def run(yipan, city, *args, codes=(0,)):
    env = dict(os.environ, YIPAN_LANG="en", YIPAN_CITY=str(city))
    done = subprocess.run([yipan, *args], env=env, capture_output=True, text=True, timeout=600)
    if done.returncode not in codes:
        sys.exit(f"FAILED: yipan {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def make_city(yipan, root, name, package, board):
    city = root / name
    run(yipan, city, "init", str(city), "--name", "xx", "--origin", "yipan.test/xx", *board)
    run(yipan, city, "-q", "import", str(package), "--who", "test")
    return city


def export_all(yipan, city, out):
    out.mkdir()
    run(yipan, city, "export", "projects", "--format", "csv", "--provenance", "--out",
        str(out / "projects.csv"))
    for form, name in (("package", "package"), ("xlsx", "all.xlsx"),
                       ("gpkg", "all.gpkg"), ("oc4ids", "oc4ids.json")):
        run(yipan, city, "export", "--format", form, "--out", str(out / name))
    # The time of publication is that of the ledger's last entry, which differs.
    oc4ids = out / "oc4ids.json"
    oc4ids.write_text(re.sub(r'"publishedDate": *"[^"]*"', "", oc4ids.read_text()))


def differences(left, right):
    names = sorted({p.relative_to(d) for d in (left, right) for p in d.rglob("*") if p.is_file()})
    wrong = [str(n) for n in names if not (left / n).exists() or not (right / n).exists()
             or not filecmp.cmp(left / n, right / n, shallow=False)]
    return names, wrong


def findings(yipan, city):
    text = run(yipan, city, "--json", "diagnose", "--as-of", AS_OF, "--dry-run", codes=(0, 3))
    return json.loads(text)


def strip_times(value):
    if isinstance(value, dict):
        return {k: strip_times(v) for k, v in value.items() if not k.startswith("seconds")}
    return [strip_times(v) for v in value] if isinstance(value, list) else value


def main():
    yipan = os.path.realpath(sys.argv[1])
    url_file = pathlib.Path(sys.argv[2])
    if not url_file.exists():
        print("skipped: there is no PostgreSQL")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="yipan-databases-") as folder:
        root = pathlib.Path(folder)
        package = root / "xx"
        run(yipan, root, "generate", "xx", "--seed", "1", "--out", str(package))
        board = ("--board", url_file.read_text().strip(), "--board-schema", f"both_{os.getpid()}")
        cities = [make_city(yipan, root, "sqlite", package, ()),
                  make_city(yipan, root, "postgresql", package, board)]
        for city in cities:
            export_all(yipan, city, root / (city.name + "-out"))
        names, wrong = differences(root / "sqlite-out", root / "postgresql-out")
        if wrong:
            sys.exit(f"FAILED: {len(wrong)} of {len(names)} files differ: {wrong[:10]}")
        print(f"exports: {len(names)} files, the same bytes")
        if "diagnose" in run(yipan, root, "--help"):
            left, right = (strip_times(findings(yipan, city)) for city in cities)
            if left != right:
                sys.exit("FAILED: the findings differ")
            print("diagnosis: the same")


if __name__ == "__main__":
    main()
