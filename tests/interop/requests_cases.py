"""A server that keeps what livectl sends, and what is sent: every Action with its example, with hostile values, in bulk.

What arrived is verified in the files of the vendors, by the signing functions of their SDKs."""

import concurrent.futures
import http.server
import json
import os
import tempfile
import threading
from urllib.parse import parse_qsl, urlsplit

from support import SECONDS_TO_RUN, livectl, profile

KEY_ID = "AKIDinterop0000000000"
SECRET = "made-up/secret+of=tests"
TOKEN = "made/up+token=="
FACTS = os.path.join(os.path.dirname(__file__), "..", "..", "src", "providers")

ANSWERS = {
    "tencent": {"Response": {"RequestId": "r"}},
    "aliyun": {"RequestId": "r"},
    "volcengine": {"ResponseMetadata": {"RequestId": "r"}, "Result": {}},
}

# Texts that every layer between a parameter and a signature could get wrong.
HOSTILE = (
    "é中 😀 a+b&c=d/e?f%20~*'\"\\#;,:@!()[]{}|\t\n", "", " ", "+", "%2B%", "=&=&", "~*'", "../..//./?#",
    "\x7f\u0000\u200b\u202e", "İﬃ\u0301\u2028", "null", "-0", "[1]", '{"a":"b"}', "a" * 3000 + "&é",
)
# Numbers that every language writes alike.
NUMBERS = {"integer": (0, -1, 2**53 + 1, -(2**63)), "float": (0.5, -0.0001, 12345678.9), "boolean": (True, False)}

ITEMS = 40


class Captured:
    """One request as it came off the socket."""

    def __init__(self, handler):
        self.method = handler.command
        target = urlsplit(handler.path)
        self.path, self.raw_query = target.path, target.query
        self.query = parse_qsl(target.query, keep_blank_values=True, strict_parsing=bool(target.query))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))

    def form(self):
        return parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body))


class Listener:
    """A server that keeps what it gets, by the name of the Action, and says yes to all."""

    def __init__(self):
        self.seen = {}
        # Where it is set, two requests must be under way before either is answered.
        self.pair = None
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                captured = Captured(self)
                parameters = dict(captured.query + (captured.form() if b"Action=" in captured.body else []))
                headers = captured.headers
                action = headers.get("x-tc-action") or headers.get("x-acs-action") or parameters["Action"]
                version = headers.get("x-tc-version") or headers.get("x-acs-version") or parameters["Version"]
                vendor = {"2018-08-01": "tencent", "2016-11-01": "aliyun", "2023-01-01": "volcengine"}[version]
                listener.seen.setdefault(action, []).append(captured)
                if listener.pair:
                    listener.pair.wait(SECONDS_TO_RUN)
                body = json.dumps(ANSWERS[vendor]).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Facts:
    """The sheet of a vendor: which Actions there are, and what their parameters look like."""

    def __init__(self, vendor):
        with open(os.path.join(FACTS, vendor, "facts.json"), encoding="utf-8") as file:
            sheet = json.load(file)
        self.actions = {action["name"]: action for action in sheet["actions"]}
        self.types = sheet["types"]
        self.common_codes = {error["code"] for error in sheet["common_errors"]}
        self.texts = 0

    def examples(self, documented=True):
        """Actions with an example of their parameters; {} where the reference shows none."""
        return {name: action["example_request"] for name, action in self.actions.items()
                if action["documented"] or not documented and action["example_request"]}

    def hostile(self, name):
        """Every parameter of an Action with a value that is hard to carry, whatever the Action would say to it."""
        return {param["name"]: self.value(param["type"], 0) for param in self.actions[name]["params"]
                if not param["name"].startswith("*")}

    def value(self, kind, depth):
        outer, _, inner = kind.rstrip(">").partition("<")
        if outer == "array":
            item = inner if inner in ("string", "datetime", *NUMBERS) else f"object<{inner}>"
            return [self.value(item, depth), self.value(item, depth)]
        if outer == "object":
            members = {member["name"]: member["type"] for member in self.types.get(inner, []) if member["name"] != "*"}
            if not members or depth == 3:
                return {"Name": self.text()}
            return {name: self.value(kind, depth + 1) for name, kind in members.items()}
        self.texts += 1
        return NUMBERS[outer][self.texts % len(NUMBERS[outer])] if outer in NUMBERS else self.text()

    def text(self):
        self.texts += 1
        return HOSTILE[self.texts % len(HOSTILE)]


class Verified:
    """`vendor`, `signature` and `verify(captured, action, params, token)` are the vendor's and the scheme's."""

    vendor = None
    signature = None
    # The Action of the bulk run, and the parameter in which its items differ.
    bulk = None

    @classmethod
    def setUpClass(cls):
        cls.listener = Listener()
        cls.addClassCleanup(cls.listener.stop)
        cls.facts = Facts(cls.vendor)

    def options(self, token):
        """A profile with the scheme, where there is one to choose, and the token."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        return ["--config", profile(folder, self.vendor, KEY_ID, SECRET, self.signature, token), "-p", "p", "--no-validate"]

    def livectl(self, *words):
        return livectl(f"http://{self.listener.address}", KEY_ID, SECRET, self.vendor, *words)

    def verify_all(self, examples, token=None):
        options = self.options(token)
        self.listener.seen.clear()

        def send(action, params):
            given = [f"{name}:={json.dumps(value)}" for name, value in params.items()]
            self.livectl("api", self.vendor, action, *given, *options)

        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            runs = {action: pool.submit(send, action, params) for action, params in examples.items()}
        self.assertGreater(len(runs), 0)
        for action, run in runs.items():
            with self.subTest(action):
                run.result()
                [captured] = self.listener.seen[action]
                self.verify(captured, action, examples[action], token)

    def sendable(self, params):
        """What of the parameters this form can say at all."""
        return params

    def test_every_documented_action(self):
        self.verify_all({action: self.sendable(params) for action, params in self.facts.examples().items()})

    def test_hostile_values_and_a_token(self):
        self.verify_all({action: self.sendable(self.facts.hostile(action)) for action in self.facts.examples()}, TOKEN)

    def test_many_items_in_flight(self):
        """Each of the items of a file is signed for itself, with two under way at any time."""
        action, varied, fixed = self.bulk
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "items.ndjson")
        items = [{**fixed, varied: f"{number} {HOSTILE[number % 14]}"} for number in range(ITEMS)]
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        self.listener.seen.clear()
        self.listener.pair = threading.Barrier(2)
        try:
            answers = self.livectl("api", self.vendor, action, "--from-file", path, "--in-flight", "8", "--rate", "500",
                                   *self.options(TOKEN)).splitlines()
        finally:
            self.listener.pair = None
        captured = self.listener.seen[action]
        self.assertEqual((len(answers), len(captured)), (ITEMS, ITEMS))
        left = {item[varied]: item for item in items}
        for request in captured:
            params = left.pop(self.sent(request, varied))
            self.verify(request, action, params, TOKEN)
        self.assertEqual(left, {})
        nonces = [self.nonce(request) for request in captured]
        if any(nonces):
            self.assertEqual(len(set(nonces)), ITEMS, "a nonce came twice")

    def sent(self, captured, name):
        """A parameter as it was sent."""
        return json.loads(captured.body)[name]

    def nonce(self, captured):
        return dict(captured.query + (captured.form() if b"Nonce=" in captured.body else [])).get("SignatureNonce")
