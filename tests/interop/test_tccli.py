"""Tencent's command line, tccli, against the sandbox. It speaks TLS only: a forwarder with a certificate stands between."""

import json
import os
import re
import subprocess
import sys

import tencent_cases
from support import SECONDS_TO_RUN, counted
from tencent_cases import REQUEST_ID
from tls import Forwarder, trust

CLIENT = "tccli"
load_tests = counted(CLIENT)

PROGRAM = os.path.join(os.path.dirname(sys.executable), "tccli")


class Tccli:
    client_name = CLIENT

    def setUp(self):
        super().setUp()
        self.forwarder = Forwarder(self.sandbox)
        self.addCleanup(self.forwarder.listener.close)

    def run_words(self, *words, key_id=None, secret=None, token=None):
        environment = {
            "HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", "LC_ALL": "C.UTF-8",
            "PYTHONPATH": trust(self.sandbox.folder.name, self.forwarder.certificate), "PYTHONWARNINGS": "ignore",
            "TENCENTCLOUD_SECRET_ID": key_id or self.sandbox.key_id,
            "TENCENTCLOUD_SECRET_KEY": secret or self.sandbox.secret, **({"TENCENTCLOUD_TOKEN": token} if token else {}),
        }
        return subprocess.run(
            [PROGRAM, "live", *words, "--region", "ap-guangzhou", "--endpoint", self.forwarder.address],
            env=environment, capture_output=True, text=True, timeout=SECONDS_TO_RUN, check=False,
        )

    def call(self, action, params, **whose):
        words = [action]
        for name, value in params.items():
            words += [f"--{name}", json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)]
        return self.answer(action, self.run_words(*words, **whose))

    def answer(self, action, run):
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, action, run.stdout, run.stderr)
        answer = json.loads(run.stdout)
        self.assertRegex(answer["RequestId"], REQUEST_ID)
        self.note(action)
        return answer

    def refused(self, code, message, action, params, **whose):
        if code is None:
            return self.call(action, params, **whose)
        with self.assertRaises(subprocess.CalledProcessError) as caught:
            self.call(action, params, **whose)
        error = caught.exception
        self.assertEqual((error.returncode, error.stdout), (255, ""), error.stderr)
        told = re.fullmatch(r"\[TencentCloudSDKException\] code:(\S+) message:(.+) requestId:(\S+)", error.stderr.strip())
        self.assertIsNotNone(told, error.stderr)
        found, said, request_id = told.groups()
        self.assertEqual(found, code)
        self.assertIn(message, said)
        return self.assertRegex(request_id, REQUEST_ID)


class Life(Tccli, tencent_cases.Life):
    def test_members_of_objects_as_options_of_their_own(self):
        made = self.answer("CreateLiveRecordTemplate", self.run_words(
            "CreateLiveRecordTemplate", "--TemplateName", "r", "--cli-unfold-argument", "--FlvParam.Enable", "1",
            "--FlvParam.RecordInterval", "1800"))
        shown = self.call("DescribeLiveRecordTemplate", {"TemplateId": made["TemplateId"]})["Template"]
        self.assertEqual((shown["FlvParam"]["Enable"], shown["FlvParam"]["RecordInterval"]), (1, 1800))


class DomainPages(Tccli, tencent_cases.DomainPages):
    # The smallest page of this Action.
    count, size = 11, 10


class BothWays(Tccli, tencent_cases.BothWays):
    pass


class Refused(Tccli, tencent_cases.TencentRefusals):
    # It knows Actions and parameters itself, and is too slow to pass a rate.
    cannot_send = frozenset({"action", "unknown", "unknown: in an object", "missing", "type"})
    test_the_rate_of_an_action = None
