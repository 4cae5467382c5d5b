"""Tencent's command line against the sandbox. It speaks TLS only: a forwarder with a certificate of its own stands between."""

import datetime
import ipaddress
import json
import os
import socket
import ssl
import subprocess
import sys
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support import SECONDS_TO_RUN, SandboxCase


def certificate(folder):
    """A certificate for 127.0.0.1 that signs itself; the files of it and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "interop")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1)).add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    files = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption())
    for file, text in zip(files, (made.public_bytes(serialization.Encoding.PEM), private)):
        with open(file, "wb") as out:
            out.write(text)
    return files


def trust(folder, certificate_file):
    """A start-up file by which Python programs trust the certificate: tccli has no option for that."""
    with open(os.path.join(folder, "sitecustomize.py"), "w", encoding="utf-8") as file:
        file.write(f"import certifi\ncertifi.where = lambda: {certificate_file!r}\n")
    return folder


class Forwarder:
    """TLS on this side, the sandbox on the other."""

    def __init__(self, sandbox):
        host, port = sandbox.address.split(":")
        self.target = (host, int(port))
        self.certificate, key = certificate(sandbox.folder.name)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        """One request: the client asks, the server answers, and both are done."""
        with self.context.wrap_socket(plain, server_side=True) as near, socket.create_connection(self.target) as far:
            near.settimeout(SECONDS_TO_RUN)
            head = b""
            while b"\r\n\r\n" not in head:
                head += near.recv(65536)
            head, body = head.split(b"\r\n\r\n", 1)
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length:")), 0)
            while len(body) < length:
                body += near.recv(65536)
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            far.sendall(b"\r\n".join(lines) + b"\r\nConnection: close\r\n\r\n" + body)
            while chunk := far.recv(65536):
                near.sendall(chunk)


class Commands(SandboxCase):
    faults = ("tencent:DescribeLiveWatermarks:throttle*forever",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forwarder = Forwarder(cls.sandbox)
        cls.addClassCleanup(cls.forwarder.listener.close)

    def tccli(self, action, *words, secret=None, code=0):
        environment = {
            "HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1",
            "PYTHONPATH": trust(self.sandbox.folder.name, self.forwarder.certificate), "PYTHONWARNINGS": "ignore",
            "TENCENTCLOUD_SECRET_ID": self.sandbox.key_id, "TENCENTCLOUD_SECRET_KEY": secret or self.sandbox.secret,
        }
        program = os.path.join(os.path.dirname(sys.executable), "tccli")
        run = subprocess.run(
            [program, "live", action, "--region", "ap-guangzhou", "--endpoint", self.forwarder.address, *words],
            env=environment, capture_output=True, text=True, timeout=SECONDS_TO_RUN, check=False,
        )
        told = run.stdout + run.stderr
        self.assertEqual(run.returncode, code, told)
        return told if code else json.loads(run.stdout)

    def refused(self, code, action, *words, secret=None):
        told = self.tccli(action, *words, secret=secret, code=255)
        self.assertIn(code, told)
        self.assertRegex(told, r"requestId:[0-9a-f-]{36}")

    def test_a_domain_lives(self):
        self.tccli("AddLiveDomain", "--DomainName", "cli.example.com", "--DomainType", "0")
        self.assertEqual(self.tccli("DescribeLiveDomain", "--DomainName", "cli.example.com")["DomainInfo"]["Type"], 0)
        self.assertIn("cli.example.com", [row["name"] for row in self.livectl("tencent", "domain", "list")])
        self.tccli("ForbidLiveDomain", "--DomainName", "cli.example.com")
        self.tccli("EnableLiveDomain", "--DomainName", "cli.example.com")
        self.tccli("DeleteLiveDomain", "--DomainName", "cli.example.com", "--DomainType", "0")
        self.livectl("tencent", "domain", "add", "mine.example.com", "--type", "push")
        listed = self.tccli("DescribeLiveDomains", "--DomainPrefix", "mine", "--PageNum", "1", "--PageSize", "10")
        self.assertEqual([domain["Name"] for domain in listed["DomainList"]], ["mine.example.com"])

    def test_a_relay_lives(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        later = now + datetime.timedelta(days=1)
        task = self.tccli(
            "CreateLivePullStreamTask", "--SourceType", "PullLivePushLive", "--SourceUrls",
            '["rtmp://o.example.com/live/a?x=1&y=中"]', "--DomainName", "p.example.com", "--AppName", "live",
            "--StreamName", "流 +%", "--StartTime", now.strftime("%Y-%m-%dT%H:%M:%SZ"), "--EndTime",
            later.strftime("%Y-%m-%dT%H:%M:%SZ"), "--Operator", "cli")["TaskId"]
        shown = self.tccli("DescribeLivePullStreamTasks", "--TaskId", task)["TaskInfos"][0]
        self.assertEqual((shown["StreamName"], shown["SourceUrls"]), ("流 +%", ["rtmp://o.example.com/live/a?x=1&y=中"]))
        self.tccli("ModifyLivePullStreamTask", "--TaskId", task, "--Operator", "cli", "--Comment", "c")
        self.tccli("DeleteLivePullStreamTask", "--TaskId", task, "--Operator", "cli")

    def test_reads_and_templates(self):
        for action in ("DescribeLiveTranscodeTemplates", "DescribeLiveRecordTemplates", "DescribeLiveCallbackTemplates"):
            with self.subTest(action):
                self.assertTrue(self.tccli(action)["RequestId"])
        made = self.tccli("CreateLiveRecordTemplate", "--TemplateName", "r", "--cli-unfold-argument",
                          "--FlvParam.Enable", "1", "--FlvParam.RecordInterval", "1800")
        self.assertIsInstance(made["TemplateId"], int)

    def test_refusals(self):
        self.refused("AuthFailure.SignatureFailure", "DescribeLiveDomains", secret="another")
        self.refused("ResourceNotFound.DomainNotExist", "DescribeLiveDomain", "--DomainName", "no.example.com")
        self.refused("InvalidParameterValue", "AddLiveDomain", "--DomainName", "a.example.com", "--DomainType", "7")
        self.refused("RequestLimitExceeded", "DescribeLiveWatermarks")
