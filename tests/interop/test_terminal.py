"""Questions at a terminal: what is answered, what an interrupt leaves behind, and that a secret is not shown."""

import fcntl
import json
import os
import pty
import re
import select
import struct
import termios
import time
import unittest

from support import PROGRAM, SECONDS_TO_RUN, SandboxCase

QUESTION = b"[y/N] "


def echoes(terminal):
    """Whether the terminal shows what is typed; a prompt that reads has taken that away."""
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


class Ended:
    """A command that ran at a terminal of its own: what it showed, its exit code, what it left of the terminal."""

    def __init__(self, words, waits_for, types, environment, columns=80):
        child, terminal = pty.fork()
        if child == 0:
            os.execve(PROGRAM, [PROGRAM, *words], environment)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.shown = b""
        until = time.monotonic() + SECONDS_TO_RUN
        typed = False
        while time.monotonic() < until:
            if not typed and waits_for in self.shown and not echoes(terminal):
                os.write(terminal, types)
                typed = True
            if not select.select([terminal], [], [], 0.02)[0]:
                continue
            try:
                more = os.read(terminal, 65536)
            except OSError:
                break
            if not more:
                break
            self.shown += more
        self.echoes = echoes(terminal)
        os.close(terminal)
        self.code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def hides_cursor(self):
        return self.shown.rfind(b"\x1b[?25l") > self.shown.rfind(b"\x1b[?25h")


class Terminal(SandboxCase):
    vendor = "tencent"

    def setUp(self):
        super().setUp()
        self.config = os.path.join(self.sandbox.folder.name, "config.toml")
        with open(self.config, "w", opener=lambda path, flags: os.open(path, flags, 0o600)):
            pass

    def at_terminal(self, words, waits_for, types, **more):
        environment = {
            "HOME": os.environ["HOME"],
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LIVECTL_ACCESS_KEY_ID": self.sandbox.key_id,
            "LIVECTL_ACCESS_KEY_SECRET": self.sandbox.secret,
            "LIVECTL_ENDPOINT": self.sandbox.endpoint,
            "LIVECTL_VENDOR": "tencent",
            "LIVECTL_CONFIG": self.config,
        }
        return Ended(words, waits_for, types, environment, **more)

    def test_only_yes_deletes(self):
        self.livectl("domain", "add", "q.example.com", "--type", "play")
        delete = ["domain", "delete", "q.example.com"]
        for types, code in ((b"n", 2), (b"\r", 2), (b"\x03", 130)):
            ended = self.at_terminal(delete, QUESTION, types)
            self.assertEqual(ended.code, code, ended.shown)
            self.assertIn(b"nothing was changed", ended.shown)
            self.assertTrue(ended.echoes and not ended.hides_cursor(), ended.shown)
            self.assertEqual(len(self.livectl("domain", "list")), 1)
        self.assertEqual(self.at_terminal(delete, QUESTION, b"y").code, 0)
        self.assertEqual(self.livectl("domain", "list"), [])

    def test_a_secret_is_not_shown_and_the_terminal_stays_whole(self):
        words = ["config", "set", "p", "vendor=tencent", "access_key_secret=-"]
        ended = self.at_terminal(words, b"access_key_secret: ", b"\x03")
        self.assertEqual(ended.code, 130, ended.shown)
        self.assertTrue(ended.echoes and not ended.hides_cursor(), ended.shown)
        with open(self.config) as file:
            self.assertEqual(file.read(), "")
        ended = self.at_terminal(words, b"access_key_secret: ", b"typed-secret\r")
        self.assertEqual(ended.code, 0, ended.shown)
        self.assertNotIn(b"typed-secret", ended.shown)
        with open(self.config) as file:
            self.assertIn("typed-secret", file.read())

    def test_progress_is_shown_while_it_lasts_and_garbles_nothing(self):
        names = [f"p{number}.example.com" for number in range(30)]
        path = os.path.join(self.sandbox.folder.name, "new.csv")
        with open(path, "w") as file:
            file.write("name,type\n" + "".join(f"{name},push\n" for name in [*names, "p0.example.com"]))
        words = ["domain", "add", "--from-file", path, "--rate", "20", "-o", "ndjson"]
        ended = self.at_terminal(words, b"never shown", b"")
        self.assertEqual(ended.code, 9, ended.shown)
        self.assertFalse(ended.hides_cursor(), ended.shown)
        self.assertRegex(ended.shown, rb"\d+/31 .*/s.* left")
        # What a terminal shows in the end: a line that is rewritten begins anew, the others stay.
        lines = [re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", line).split(b"\r")[-1] for line in ended.shown.split(b"\r\n")]
        rows = [json.loads(line) for line in lines if line.startswith(b"{\"line\"")]
        self.assertEqual(sorted(row["id"] for row in rows), sorted(names))
        errors = [json.loads(line)["error"] for line in lines if line.startswith(b"{\"error\"")]
        self.assertEqual([error["class"] for error in errors], ["conflict", "partial"])
        ended = self.at_terminal([*words, "-q"], b"never shown", b"")
        self.assertNotIn(b"/31", ended.shown)


if __name__ == "__main__":
    unittest.main()
