"""TLS before the sandbox, for clients that speak nothing else."""

import datetime
import ipaddress
import os
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support import SECONDS_TO_RUN


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
