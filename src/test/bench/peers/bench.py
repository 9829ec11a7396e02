#!/usr/bin/env python3
"""The gateway beside its peers, all in one run on this machine: see "Performance" in the README.

    bench.py [--quick] [--rounds N] [--only stoa,scg] [setting ...]    measures (all settings if none is named), reports
    bench.py --report                                                  only reports what was measured last
    bench.py --record            makes that what later runs are compared with, and puts it into the README
    bench.py --markdown          prints the README's part that comes of the record

Everything listens on loopback. Contestants take turns, round by round, and what counts is the median. What the
kernel says a process cost is divided by the requests it answered: that figure stands on a busy machine, too.
"""
import argparse
import datetime
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import zipfile

import report
from arena import QUICK, Plan
from contestants import ROOT
from settings import EVERYONE, SETTINGS, measure

HERE = os.path.dirname(os.path.abspath(__file__))
JAR = os.path.join(ROOT, "target", "stoa.jar")
PEERS = os.path.join(ROOT, "target", "peers")
MEASURED = os.path.join(PEERS, "measured.json")
RECORDED = os.path.join(ROOT, "src", "test", "bench", "results", "peers.json")
README = os.path.join(ROOT, "README.md")
PACKAGES = {"nginx": "nginx", "haproxy": "haproxy", "wrk": "wrk", "h2load": "nghttp2-client", "openssl": "openssl"}
LEAST_ROUNDS = 3  # of a record
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def prepare():
    """The peers: from Debian, and from Maven."""
    missing = [package for tool, package in PACKAGES.items() if not shutil.which(tool)]
    if missing:
        install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        if os.geteuid() != 0:
            raise SystemExit("first: sudo " + " ".join(install))
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(install, check=True)
    if not os.path.exists(JAR):
        subprocess.run(["mvn", "-q", "-B", "-DskipTests", "package"], cwd=ROOT, check=True)
    for peer in ("vertx", "scg", "scg-full"):
        sources = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(HERE, peer)) for name in names]
        built = os.path.join(PEERS, peer, "built")  # there only where Maven came to its end
        if not os.path.exists(built) or os.path.getmtime(built) < max(map(os.path.getmtime, sources)):
            pom = os.path.join(HERE, peer, "pom.xml")
            subprocess.run(["mvn", "-q", "-B", "-f", pom, "package"], check=True)
            open(built, "w").close()


def about_this_machine():
    with open("/proc/cpuinfo") as cpus:
        models = [line.split(":")[1].strip() for line in cpus if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.machine(), "cores": os.cpu_count(),
            "kernel": platform.release(), "java": _says(["java", "-version"])}


def versions():
    """What takes part. The jar says of which commit it is; its digest tells it from others of the same."""
    artifacts = {"vertx-http-proxy": "vertx", "spring-cloud-gateway-server-webflux": "scg"}
    found = {"nginx": _says(["nginx", "-v"]), "haproxy": _says(["haproxy", "-v"])}
    for artifact, peer in artifacts.items():
        for name in os.listdir(os.path.join(PEERS, peer, "dependency")):
            if name.startswith(artifact + "-"):
                found[artifact] = name[len(artifact) + 1:-len(".jar")]
    with open(JAR, "rb") as jar:
        digest = hashlib.sha256(jar.read()).hexdigest()
    return found | {"stoa": commit_of(JAR), "stoa.jar": digest[:12]}


def commit_of(jar):
    with zipfile.ZipFile(jar) as file:
        lines = file.read("META-INF/MANIFEST.MF").decode().splitlines()
    return next((line.split()[1] for line in lines if line.startswith("Build-Commit:")), "no known commit")


def _says(command):
    out = subprocess.run(command, capture_output=True, text=True)
    return (out.stdout + out.stderr).strip().splitlines()[0]


def run(plan, settings, only):
    """Measures, keeps each result at once, and tells what could not be measured."""
    measured, recorded = report.read(MEASURED), report.read(RECORDED)
    prepare()
    now, machine, quick = versions(), about_this_machine(), plan.least == QUICK.least
    print(f"Stoa {now['stoa']}, {JAR}", flush=True)
    failed = {}
    for setting, result in measure(plan, settings, only):
        if versions() != now:
            raise SystemExit(f"{setting} does not count: {JAR} or a peer has changed meanwhile")
        if isinstance(result, Exception):
            print(f"{setting} is not measured: {result}", flush=True)
            failed[setting] = str(result).splitlines()[0].removesuffix("; the end of its log:")
            continue
        # One table does not mix two jars, or quick results and others.
        same = [measured.get(key) for key in ("versions", "rounds", "quick")] == [now, plan.rounds, quick]
        known = (measured["settings"] if same else {}) | {setting: result}
        measured = {"at": datetime.date.today().isoformat(), "rounds": plan.rounds, "quick": quick,
                    "machine": machine, "versions": now,
                    "settings": {name: known[name] for name in SETTINGS if name in known}}
        report.write(MEASURED, measured)
    if measured.get("versions") == now:
        report.show(measured, recorded)
    if failed:
        raise SystemExit("\n".join(f"{setting} was not measured: {why}" for setting, why in failed.items()))


def record():
    """Only what is whole: who is compared with it later wants to know of everybody."""
    measured = report.read(MEASURED)
    report.show(measured, report.read(RECORDED))
    if measured["rounds"] < LEAST_ROUNDS or measured.get("quick"):
        raise SystemExit(f"not recorded: {LEAST_ROUNDS} rounds that are not quick are the least that proves something")
    for setting, results in measured["settings"].items():
        if setting not in SETTINGS:
            raise SystemExit(f"not recorded: there is no setting {setting!r}")
        absent = [name for name in SETTINGS[setting].expected() if name not in results]
        if absent:
            raise SystemExit(f"not recorded: {setting} is without {', '.join(absent)}")
    report.write(RECORDED, measured)
    report.put_into(README, measured)


def _settings(parser, named, only):
    """Those that are named, or all in which somebody takes part; in their order here."""
    for setting in named:
        if setting not in SETTINGS:
            parser.error(f"no setting {setting!r}; there are {', '.join(SETTINGS)}")
        if not set(SETTINGS[setting].names) & set(only):
            parser.error(f"--only: nobody of {', '.join(only)} takes part in {setting}")
    if "same70" in named and "scg" not in only:
        parser.error("--only: same70 goes by what scg can do")
    return [name for name, setting in SETTINGS.items()
            if (name in named or not named) and set(setting.names) & set(only) and (name != "same70" or "scg" in only)]


def _contestants(text):
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in EVERYONE:
            raise argparse.ArgumentTypeError(f"no contestant {name!r}; there are {', '.join(EVERYONE)}")
    return names


def _count(text):
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", metavar="setting", help=", ".join(SETTINGS))
    parser.add_argument("--quick", action="store_true", help="one short round: shows that it works, proves nothing")
    parser.add_argument("--rounds", type=_count, help="5, or 1 if quick")
    parser.add_argument("--only", type=_contestants, default=EVERYONE, help="contestants: " + ",".join(EVERYONE))
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--report", action="store_true")
    instead.add_argument("--record", action="store_true")
    instead.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    settings = _settings(parser, args.settings, args.only)
    if args.settings and (args.report or args.record or args.markdown):
        parser.error("settings are for measuring, which --report, --record and --markdown do not")
    if args.markdown:
        print(report.markdown(report.read(RECORDED)))
    elif args.report:
        report.show(report.read(MEASURED), report.read(RECORDED))
    elif args.record:
        record()
    else:
        plan = QUICK if args.quick else Plan()
        run(plan._replace(rounds=args.rounds or plan.rounds), settings, args.only)


def _end(number, _):
    """Once: what is ending its processes is not to be interrupted."""
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(f"ended by {signal.Signals(number).name}; what was under way is not kept")


if __name__ == "__main__":
    for ending in ENDINGS:
        signal.signal(ending, _end)
    try:
        main()
    except subprocess.CalledProcessError as failure:
        sys.exit(f"{' '.join(failure.cmd)} ended with {failure.returncode}")
