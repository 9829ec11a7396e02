"""Contestants in front of an upstream: warmed up, loaded, and what that costs them."""
import os
import statistics
import tempfile
import typing

from contestants import CONTESTANTS, ON_THE_JVM, Scene, free_port, upstream
from machine import Failed, Process, h2load, requests_at_upstream, wrk

GENTLY = 4  # connections
WARM = 1.0  # percent of its time that a JVM may still compile


class Plan(typing.NamedTuple):
    """How long and how often."""

    rounds: int = 5
    seconds: int = 2
    paced: int = 4  # seconds where it is latency that counts: all clients connect at once first
    most: float = 1  # of what a setting takes at most to warm up
    least: int = 200_000  # requests


QUICK = Plan(rounds=1, paced=2, most=0.2, least=0)


class Ask(typing.NamedTuple):
    """What is asked for, and the status of the answer."""

    path: str = "/r%d/small"
    status: int = 200
    with_token: bool = True


SMALL, LARGE = Ask(), Ask("/r%d/large")


class Arena:
    """An upstream and contestants in front of it, warm; all end with the stack."""

    def __init__(self, plan, stack, wirings, names, most):
        self.plan = plan
        self.running = {}
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stoa-bench-"))
        for label, wiring in wirings.items():
            scene = Scene(os.path.join(folder, label or "one"), **wiring)
            origin = start(stack, "upstream", upstream(scene), scene)
            origin.wait_until_answers(f"http://127.0.0.1:{scene.upstream}/r0/small", {})
            if not label:
                self.running["direct"] = (origin, f"http://127.0.0.1:{scene.upstream}", scene)
            for name in names:
                self.running[name + label] = self._join(stack, name, scene)
        self._warm_up([name for name in self.running if name.split("@")[0] in ON_THE_JVM], int(most * plan.most))

    @staticmethod
    def _join(stack, name, scene):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        process = start(stack, name, CONTESTANTS[name](scene, port), scene)
        if scene.h2 and name in ("nginx", "haproxy"):  # which speak HTTP/2 only there
            process.wait_until_listens(port)
        else:
            process.wait_until_answers(url + scene.path_of(0) + "small", scene.headers)
        return process, url, scene

    def contestants(self):
        return [name for name in self.running if name != "direct"]

    def _warm_up(self, names, most):
        """All for the same time: until none compiles any more that is worth a percent of its time, or each had so
        many turns as it gets at most; what is compiled later stands beside the figures. Gently at first: who is slow because
        nothing is compiled yet would be taken for overloaded, by its own breaker or by itself."""
        done = dict.fromkeys(names, 0)
        for name in names:
            self._measure(name, GENTLY, SMALL)
        compiling = {}
        for _ in range(most):
            for name in names:
                figures, result, _ = self._measure(name, 64, SMALL)
                done[name] += result["count"] - result["refused"]
                compiling[name] = figures["jit"]
            if all(done[name] >= self.plan.least and compiling[name] < WARM for name in names):
                return
        for name in names:
            if compiling[name] >= WARM or done[name] < self.plan.least:
                print(f"{name} goes on compiling, {compiling[name]:.1f} % of its time after {done[name]} answers",
                      flush=True)

    def _measure(self, name, connections, ask, per_second=0):
        """Figures, what the load generator says, and how many requests came to the upstream."""
        process, url, scene = self.running[name]
        status = f"http://127.0.0.1:{scene.status}/"
        arrived, cpu, compiling = requests_at_upstream(status), process.cpu_seconds(), process.compiler_seconds()
        if scene.h2:
            result = h2load(url, ask.path.replace("%d", "0"), connections, self.plan.seconds, scene.tokens[0])
        else:
            pause = 1000 * connections / per_second if per_second else 0
            tokens = scene.token_file if ask.with_token else "-"
            seconds = self.plan.paced if per_second else self.plan.seconds
            result = wrk(url, ask.path, connections, seconds, tokens, scene.routes, pause, ask.status)
        cpu, compiling = process.cpu_seconds() - cpu, process.compiler_seconds() - compiling
        arrived = requests_at_upstream(status) - arrived
        figures = {"rps": result["count"] / result["seconds"], "cpu_us": 1e6 * cpu / max(1, result["count"]),
                   "rss_mb": process.rss_mb()}
        if name.split("@")[0] in ON_THE_JVM:
            figures["jit"] = 100 * compiling / cpu if cpu else 0
        if per_second:
            figures.update(p50_ms=result["p50"] / 1000, p99_ms=result["p99"] / 1000)
        return figures, result, arrived

    def rehearse(self, name, ask):
        """So often that what it takes is compiled, and that the answer is the one which stays."""
        for connections in (GENTLY, 64, 64):
            self._measure(name, connections, ask)

    def load(self, name, connections, ask=SMALL, per_second=0):
        """One measurement of one contestant. One in which a request fails does not count and is repeated, since a
        machine that stood still for a moment is nobody's fault; thrice is one's own. What is to be answered has to
        come to the upstream, and what is to be refused must not."""
        for _ in range(3):
            figures, result, arrived = self._measure(name, connections, ask, per_second)
            arrives = result["count"] <= arrived if ask.status == 200 else arrived < 10  # who asks is counted, too
            if not result["refused"] and not result["broken"] and result["count"] > 0 and arrives:
                return figures
            print(f"{name}: {arrived} requests came to the upstream, and the load generator says {result}", flush=True)
        raise Failed(f"{name} fails requests for {ask.path} to be answered with {ask.status}")

    def take_turns(self, measurements):
        """The medians of each measurement over all rounds; they are functions, by name."""
        rounds = {name: [] for name in measurements}
        for _ in range(self.plan.rounds):
            for name, measurement in measurements.items():
                rounds[name].append(measurement())
        return {name: medians(figures) for name, figures in rounds.items()}


def start(stack, name, command, scene):
    process = Process(name, command, scene.folder)
    stack.callback(process.stop)
    return process


def medians(figures):
    return {key: round(statistics.median(figure[key] for figure in figures), 3) for key in figures[0]}
