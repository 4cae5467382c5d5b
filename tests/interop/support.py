"""The sandbox as a server of its own, and livectl as a client: what every test here needs."""

import json
import os
import select
import subprocess
import tempfile
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
    """Tests of one class share a sandbox; `faults` are what it shall do wrong."""

    faults = ()

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox(*cls.faults)
        cls.addClassCleanup(cls.sandbox.stop)

    def livectl(self, vendor, *words):
        """Runs livectl against the same sandbox and reads its JSON."""
        return json.loads(livectl(self.sandbox.endpoint, self.sandbox.key_id, self.sandbox.secret, vendor, *words))


def livectl(endpoint, key_id, secret, vendor, *words, token=None, code=0):
    """Runs livectl with an account from the environment; its stdout."""
    environment = {
        "HOME": os.environ["HOME"],
        "LIVECTL_ACCESS_KEY_ID": key_id,
        "LIVECTL_ACCESS_KEY_SECRET": secret,
        "LIVECTL_VENDOR": vendor,
        "LIVECTL_ENDPOINT": endpoint,
    }
    if token:
        environment["LIVECTL_SESSION_TOKEN"] = token
    run = subprocess.run(
        [PROGRAM, *words, "-y", "-o", "json"],
        env=environment, capture_output=True, text=True, timeout=SECONDS_TO_RUN, check=False,
    )
    if run.returncode != code:
        raise AssertionError(f"{words}: exit {run.returncode}\n{run.stdout}\n{run.stderr}")
    return run.stdout
