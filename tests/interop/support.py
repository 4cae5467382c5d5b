"""The sandbox as a server of its own, livectl as a client, and what every client's tests share."""

import collections
import datetime
import functools
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ.get("LIVECTL", "livectl")

# Nobody's machine: no proxy, no account, no configuration of the person who runs the tests.
for name in list(os.environ):
    if name.lower().endswith("_proxy") or name.startswith(("LIVECTL_", "TENCENTCLOUD_", "ALIBABA_", "ALIYUN_", "VOLC")):
        del os.environ[name]
home = tempfile.TemporaryDirectory(prefix="livectl-interop-")
os.environ["HOME"] = home.name
os.environ["NO_PROXY"] = "127.0.0.1"

SECONDS_TO_START = 20
SECONDS_TO_RUN = 60

# Texts that a layer between a client's parameter and a sandbox's row could change: reserved characters of URLs and
# forms, what looks encoded already, quotes, other writing, characters outside the first plane.
TEXTS = (
    "a+b c&d=e", "100% %20 %2B %%", "x/y?z#w", "~*'\"!()", "a;b,c:d@e$[]{}|\\^`<>", "直播 流", "é ñ ß İ", "😀🎥👩‍👩‍👧", "a  b",
)

LEAST_ACTIONS = 15


def utc(days):
    """A moment so many days from now, as most Actions want it."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Sandbox:
    """`livectl sandbox serve` on a free port, with an empty state of its own."""

    def __init__(self, *faults):
        self.folder = tempfile.TemporaryDirectory(prefix="livectl-interop-")
        words = [PROGRAM, "sandbox", "serve", "--listen", "127.0.0.1:0", "-o", "ndjson"]
        words += ["--sandbox-state", os.path.join(self.folder.name, "state.json")]
        for fault in faults:
            words += ["--fault", fault]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS_TO_START)
        told = json.loads(self.process.stdout.readline()) if ready else {}
        self.endpoint = told["endpoint"]
        self.address = self.endpoint.removeprefix("http://")
        self.key_id = told["access_key_id"]
        self.secret = told["access_key_secret"]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()


class SandboxCase(unittest.TestCase):
    """Each test has a sandbox of its own, and its rates for itself; `faults` are what it shall do wrong."""

    faults = ()
    vendor = None
    # Actions that the client was answered without an error, by client: what `counted` counts.
    answered = collections.defaultdict(set)
    client_name = None

    def setUp(self):
        super().setUp()
        self.sandbox = Sandbox(*self.faults)
        self.addCleanup(self.sandbox.stop)

    def note(self, action):
        """The client was answered this Action without an error."""
        self.answered[self.client_name].add(action)

    def livectl(self, *words):
        """Runs livectl against the same sandbox and reads its JSON."""
        return json.loads(livectl(self.sandbox.endpoint, self.sandbox.key_id, self.sandbox.secret, self.vendor, *words))

    def check_own_schemes(self, *signatures):
        """livectl lists, adds and deletes with each scheme that a profile may choose, and is refused with a wrong secret."""
        for signature in signatures:
            for secret, code in ((self.sandbox.secret, 0), ("another", 3)):
                with self.subTest(signature, secret=secret):
                    config = profile(self.sandbox.folder.name, self.vendor, self.sandbox.key_id, secret, signature)
                    words = ["--config", config, "-p", "p", "--endpoint", self.sandbox.endpoint]
                    run = functools.partial(livectl, None, None, None, None, *words, code=code)
                    run("domain", "add", f"{signature}.example.com", "--type", "push")
                    self.assertEqual(f"{signature}.example.com" in run("domain", "list"), code == 0)
                    run("domain", "delete", f"{signature}.example.com")

    def calls_until_refused(self, code, *call):
        """Calls as fast as it can: the rate that the Action has is passed soon."""
        end = time.monotonic() + SECONDS_TO_RUN
        while time.monotonic() < end:
            try:
                self.call(*call)
            except Exception as error:
                return self.told(error, code)
        return self.fail(f"{call[0]} was never refused for its rate")


def counted(client):
    """The `load_tests` of a client's file: all its tests, then one that counts the Actions the client was answered."""

    class Count(unittest.TestCase):
        def test_enough_actions(self):
            actions = SandboxCase.answered[client]
            print(f"{client}: {len(actions)} Actions", file=sys.stderr)
            self.assertGreaterEqual(len(actions), LEAST_ACTIONS, sorted(actions))

    def load_tests(_loader, tests, _pattern):
        tests.addTest(Count("test_enough_actions"))
        return tests

    return load_tests


class Refusals:
    """Every refusal that a client must understand: `REFUSALS` has (what, code, words of the message, Action, parameters,
    whose call), and a client leaves out only what it cannot be made to send."""

    # What a table must have a row for.
    KINDS = {"key", "secret", "token", "expired", "throttled", "missing", "value", "conflict", "not found", "action", "fault"}
    cannot_send = frozenset()

    def test_the_table_is_whole(self):
        self.assertLessEqual(self.KINDS, {row[0].split(":")[0] for row in self.REFUSALS})

    def test_every_refusal(self):
        for what, code, message, action, params, whose in self.REFUSALS:
            if what not in self.cannot_send:
                with self.subTest(what):
                    self.refused(code, message, action, params, **whose)

    def test_the_rate_of_an_action(self):
        self.calls_until_refused(*self.rate)


class Pages:
    """All pages of what the client made, against what it made and against what livectl lists."""

    count, size = 23, 10

    def test_all_pages(self):
        names = [f"page{number:02}.example.net" for number in range(self.count)]
        for name in names:
            self.add(name)
        seen, number = [], 0
        while number * self.size < self.count:
            number += 1
            page, total = self.page(number, self.size)
            self.assertEqual((len(page), total), (min(self.size, self.count - len(seen)), self.count))
            seen += page
        self.assertEqual(sorted(seen), names)
        self.assertEqual(self.page(number + 1, self.size), ([], self.count))
        self.assertEqual(sorted(row["name"] for row in self.livectl("domain", "list")), names)


def profile(folder, vendor, key_id, secret, signature=None, token=None):
    """A configuration file with one profile `p`."""
    path = os.path.join(folder, "config.toml")
    values = {"vendor": vendor, "access_key_id": key_id, "access_key_secret": secret, "signature": signature,
              "session_token": token}
    with open(path, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("[profiles.p]\n" + "".join(f'{name} = "{value}"\n' for name, value in values.items() if value))
    return path


def livectl(endpoint, key_id, secret, vendor, *words, code=0):
    """Runs livectl with an account from the environment, where one is given; its stdout."""
    environment = {
        "LIVECTL_ACCESS_KEY_ID": key_id,
        "LIVECTL_ACCESS_KEY_SECRET": secret,
        "LIVECTL_VENDOR": vendor,
        "LIVECTL_ENDPOINT": endpoint,
    }
    environment = {"HOME": os.environ["HOME"], **{name: value for name, value in environment.items() if value}}
    run = subprocess.run(
        [PROGRAM, *words, "-y", "-o", "json"],
        env=environment, capture_output=True, text=True, timeout=SECONDS_TO_RUN, check=False,
    )
    if run.returncode != code:
        raise AssertionError(f"{words}: exit {run.returncode}\n{run.stdout}\n{run.stderr}")
    return run.stdout
