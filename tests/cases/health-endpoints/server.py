"""Services on loopback that answer in every wrong way. Argument: a folder, into which each writes NAME.port."""

import http.server
import json
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        answers = {
            "/healthy": lambda: self.answer(json.dumps({"status": "healthy", "feed": {"lag": 3, "live": True}}).encode()),
            "/venues": lambda: self.answer(b'{"connected": 3, "venues": {"total": 3, "known": 4}}'),
            "/no-venues": lambda: self.answer(b'{"connected": 0, "venues": {"total": 0}}'),
            "/unhealthy": lambda: self.answer(b'{"status": "unhealthy"}'),
            "/twice": lambda: self.answer(b'{"status": "unhealthy", "status": "healthy"}'),
            "/text": lambda: self.answer(b"status: healthy"),
            "/ok": lambda: self.answer(b"OK\n"),
            "/not-ok": lambda: self.answer(b"NOT OK\n"),
            "/down": lambda: self.answer(b'{"status": "healthy"}', 503),
            "/moved": lambda: self.answer(b"", 302, Location="/healthy"),
            "/huge": self.huge,
            "/headers": self.headers_for_ever,
            "/drip": self.drip,
        }
        answers[self.path]()

    def huge(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def headers_for_ever(self):
        self.send_response(200)
        try:
            while True:
                self.send_header("X", "y" * 1000)
                self.flush_headers()
        except OSError:
            self.close_connection = True

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def told(name, port):
    (folder / (name + ".new")).write_text(str(port))
    (folder / (name + ".new")).rename(folder / (name + ".port"))


def serve(name, certificate=None):
    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told(name, server.server_address[1])


def certificate():
    path = folder / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "server.key", "-out", folder / "ca.pem"],
        check=True, stderr=subprocess.DEVNULL)
    path.write_text((folder / "server.key").read_text() + (folder / "ca.pem").read_text())
    (folder / "ca.pem").chmod(0o644)
    return path


def main():
    mute = socket.create_server(("127.0.0.1", 0))
    told("mute", mute.getsockname()[1])
    with socket.create_server(("127.0.0.1", 0)) as closed:
        told("closed", closed.getsockname()[1])
    serve("tls", certificate())
    serve("http")
    sys.stdin.read()


main()
