"""A witness over HTTP: `POST /add-checkpoint`, and nothing else."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from zhida.services.witnessing.witness import LARGEST_REQUEST, Reply, Witness

_PATIENCE_S = 20


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness at 127.0.0.1 or wherever `host` says; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, host: str, port: int, witness: Witness) -> None:
        self.witness = witness
        super().__init__((host, port), _Exchange)

    @property
    def address(self) -> str:
        """Where it listens, as a client writes it."""
        host, port = self.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_S
    server: WitnessServer

    def do_POST(self) -> None:
        """Takes a checkpoint."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            self.close_connection = True
            self._answer(Reply(413 if length.isdecimal() else 411, "a request says its length, 64 KiB at most\n"))
            return
        request = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            self._answer(Reply(404, "only /add-checkpoint is served here\n"))
            return
        self._answer(self.server.witness.add_checkpoint(request))

    def do_GET(self) -> None:
        """Refuses to be read: a witness is asked by POST."""
        self._answer(Reply(405 if self.path == "/add-checkpoint" else 404, "POST to /add-checkpoint\n"))

    def log_message(self, *args: object) -> None:
        """Writes nothing: the state says what was cosigned."""

    def _answer(self, reply: Reply) -> None:
        data = reply.text.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
