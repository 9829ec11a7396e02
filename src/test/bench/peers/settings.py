"""What is measured: of whom, in which wiring, and how."""
import contextlib
import os
import statistics
import tempfile
import typing
from functools import partial

from arena import LARGE, SMALL, Arena, Ask, medians, start
from contestants import CONTESTANTS, ON_THE_JVM, SMALL as LITTLE_MEMORY, Scene, free_port, upstream
from machine import Failed, Process

EVERYONE = list(CONTESTANTS)
JVMS = [name for name in EVERYONE if name in ON_THE_JVM]
FOUR = {"": {"routes": 4}}
ARCHIVE = "stoa-full, archive"
# Under attack, a gateway does best to refuse for less than it answers.
ANSWERS = {"200": SMALL,
           "401": Ask(status=401, with_token=False),
           "404": Ask("/nowhere/small", status=404),
           "429": Ask("/limited/small", status=429),
           "503": Ask("/closed/small", status=503)}


class Setting(typing.NamedTuple):
    """Settings with the same wirings and names share their processes. Each wiring is what its Scene is told, and what
    the names of its contestants end with; results are those of all contestants, unless they are named."""

    measure: typing.Callable
    names: list = EVERYONE
    wirings: dict = FOUR
    results: list = None
    warm_up: int = 12  # turns of each at most
    starts: int = 1  # where a difference is sought that is no larger than that of two starts of one JVM; shares nothing

    def expected(self):
        """Whose results make it whole."""
        return self.results or [name + label for name in self.names for label in self.wirings]


def closed(connections, ask, arena):
    """As fast as the answers come."""
    return arena.take_turns({name: partial(arena.load, name, connections, ask) for name in arena.contestants()})


def seventy_percent(arena):
    """Latency at 70 % of what each can do at most, from 256 connections that pause between requests."""
    most = {name: arena.load(name, 64)["rps"] for name in arena.contestants()}
    return arena.take_turns({name: partial(arena.load, name, 256, per_second=0.7 * most[name]) for name in most})


def same_load(arena):
    """Latency at one load for all: 70 % of what Spring Cloud Gateway's plain route can do at most. What comes to an
    operator does not depend on the gateway. Its full chain is left out, since it cannot do that much."""
    most = statistics.median(arena.load("scg", 64)["rps"] for _ in range(3))
    names = [name for name in arena.contestants() if name != "scg-full"]
    return arena.take_turns({name: partial(arena.load, name, 256, per_second=0.7 * most) for name in names})


def low_load(arena):
    """Latency of 200 requests a second: what a contestant adds to those of the upstream alone."""
    return arena.take_turns({name: partial(arena.load, name, 4, per_second=200) for name in arena.running})


def refusals(arena):
    """What a refusal costs the full chain beside an answer; before that limits are reached and the breaker opens."""
    for ask in ANSWERS.values():
        arena.rehearse("stoa-full", ask)
    return arena.take_turns({f"stoa-full {status}": partial(arena.load, "stoa-full", 64, ask)
                             for status, ask in ANSWERS.items()})


def of_several_starts(plan, setting, names):
    """The medians of those of each start."""
    found = []
    for _ in range(setting.starts if plan.least else 1):
        with contextlib.ExitStack() as stack:
            found.append(setting.measure(Arena(plan, stack, setting.wirings, names, setting.warm_up)))
    return {name: medians([each[name] for each in found]) for name in found[0]}


def first_answer(plan, names):
    """Seconds from the start of the process until the whole chain answered 200."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stoa-bench-"))
        scene = Scene(folder, routes=4)
        start(stack, "upstream", upstream(scene), scene).wait_until_answers(scene.target() + "/r0/small", {})
        ways = {name: (name, []) for name in names}
        if "stoa-full" in names:
            archive = os.path.join(folder, "stoa.jsa")
            _first_answer(scene, "stoa-full", [f"-XX:ArchiveClassesAtExit={archive}"])
            if not os.path.exists(archive):
                raise Failed("stoa-full has left no archive of classes")
            ways[ARCHIVE] = ("stoa-full", [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"])
        seconds = {label: [] for label in ways}
        for _ in range(plan.rounds):
            for label, (name, flags) in ways.items():
                seconds[label].append(_first_answer(scene, name, flags))
        return {label: {"first_s": round(statistics.median(each), 2)} for label, each in seconds.items()}


def _first_answer(scene, name, flags):
    port = free_port()
    command = CONTESTANTS[name](scene, port)
    process = Process(name, command[:1] + flags + command[1:], scene.folder)
    try:
        return process.wait_until_answers(f"http://127.0.0.1:{port}/r0/small", scene.headers)
    finally:
        process.stop()


SETTINGS = {
    "c64": Setting(partial(closed, 64, SMALL)),
    "c256": Setting(partial(closed, 256, SMALL)),
    "load70": Setting(seventy_percent),
    "same70": Setting(same_load, results=[name for name in EVERYONE if name != "scg-full"]),
    "low": Setting(low_load, results=["direct"] + EVERYONE),
    "body": Setting(partial(closed, 64, LARGE)),
    # Bare vertx-http-proxy sends the upstream's Connection field on to HTTP/2 clients, who have to refuse it.
    "h2": Setting(partial(closed, 64, SMALL), ["nginx", "haproxy", "scg", "stoa", "stoa-full"],
                  {"": {"routes": 4, "h2": True}}, warm_up=10),
    "tls": Setting(partial(closed, 64, SMALL), [name for name in EVERYONE if name != "scg-full"],
                   {"": {"routes": 4, "tls": True}}, warm_up=10),
    "routes": Setting(partial(closed, 64, SMALL), ["nginx", "haproxy", "scg", "stoa-full"],
                      {"@4": {"routes": 4}, "@1000": {"routes": 1000}}, warm_up=10, starts=3),
    "refused": Setting(refusals, ["stoa-full"], {"": {"routes": 4, "refusals": True}},
                       [f"stoa-full {status}" for status in ANSWERS], warm_up=10),
    "memory": Setting(partial(closed, 256, SMALL), JVMS, {"": {"routes": 4, "java": LITTLE_MEMORY}}, warm_up=5),
    "start": Setting(first_answer, JVMS, {}, JVMS + [ARCHIVE]),
}


def measure(plan, settings, only):
    """A result at a time: the setting, and {contestant: figures} or why there are none."""
    for chosen, group in _groups(settings):
        names = [name for name in chosen.names if name in only]
        if not chosen.wirings:
            for setting in group:
                yield _tried(setting, lambda: SETTINGS[setting].measure(plan, names))
            continue
        if chosen.starts > 1:
            for setting in group:
                yield _tried(setting, lambda: of_several_starts(plan, SETTINGS[setting], names))
            continue
        print(f"warming up for {', '.join(group)} …", flush=True)
        with contextlib.ExitStack() as stack:
            try:
                arena = Arena(plan, stack, chosen.wirings, names, chosen.warm_up)
            except Failed as why:
                yield from ((setting, why) for setting in group)
                continue
            for setting in group:
                yield _tried(setting, lambda: SETTINGS[setting].measure(arena))


def _tried(setting, measurement):
    print(f"measuring {setting} …", flush=True)
    try:
        return setting, measurement()
    except Failed as why:
        return setting, why


def _groups(settings):
    groups = []
    for name in settings:
        setting = SETTINGS[name]
        same = next((group for chosen, group in groups
                     if chosen.wirings == setting.wirings and chosen.names == setting.names), None)
        if same is None:
            groups.append((setting, [name]))
        else:
            same.append(name)
    return groups
