"""A real nginx in a folder of its own: one address, a virtual host for each certificate, and paths that misbehave."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.pki import Pki, Server

ADDRESS, NOBODY = "127.80.1.1", "127.80.1.9"
HTTP, TLS, HTTP1_TLS, OLD_TLS = 8080, 8443, 8444, 8445
PAGE = "<html><body><h1>Dịch vụ công</h1><a>Đăng nhập</a></body></html>"
HOSTS = {
    "good": "good.example",
    "soon": "a.wild.example",
    "expired": "b.wild.example",
    "future": "c.wild.example",
    "wrong_host": "d.wild.example",
    "self_signed": "e.wild.example",
    "no_chain": "f.wild.example",
}
_READY_SECONDS = 10.0

_FRAME = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn; user root;
events {{ worker_connections 512; }}
http {{
  access_log {folder}/access.log; default_type text/html; charset utf-8; server_tokens off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  ssl_protocols TLSv1.2 TLSv1.3;
  server {{
    listen {address}:{http} default_server; server_name portal.example; root {folder}/www; gzip on; gzip_min_length 1;
    location /redirect {{ return 301 https://good.example:{tls}/; }}
    location /loop {{ return 302 http://portal.example:{http}/loop; }}
    location /503 {{ return 503 "bảo trì"; }}
    location /auth {{ auth_basic "admin"; auth_basic_user_file {folder}/htpasswd; try_files /index.html =404; }}
    location /empty {{ return 444; }}
    location /trickle {{ limit_rate 2k; try_files /big.bin =404; }}
    location /slow {{ proxy_pass http://{address}:{silent}; proxy_read_timeout 30s; }}
    location /dead {{ proxy_pass http://{nobody}:9; proxy_connect_timeout 1s; }}
  }}
{hosts}
}}
"""
_HOST = """
  server {{ listen {address}:{port} ssl{http2}; server_name {name}; ssl_protocols {protocols};
    ssl_certificate {pem}; ssl_certificate_key {pem}; root {folder}/www; }}
"""


def _hosts(folder: Path, pki: Pki, address: str) -> str:
    def host(name: str, server: Server, port: int, protocols: str = "TLSv1.2 TLSv1.3", http2: str = " http2") -> str:
        return _HOST.format(
            address=address, port=port, http2=http2, name=name, pem=server.pem, folder=folder, protocols=protocols
        )

    blocks = [host(name, getattr(pki, kind), TLS) for kind, name in HOSTS.items()]
    blocks.append(host("good.example", pki.good, HTTP1_TLS, http2=""))
    blocks.append(host("good.example", pki.good, OLD_TLS, "TLSv1.2", ""))
    return "".join(blocks)


@contextmanager
def nginx(folder: Path, pki: Pki, address: str = ADDRESS) -> Iterator[Path]:
    """Run it on that address of 127.x; gives the access log. Ended by its pid, whatever the tests did."""
    www = folder / "www"
    www.mkdir()
    folder.chmod(0o755)
    (www / "index.html").write_text(PAGE, encoding="utf-8")
    (www / "big.bin").write_bytes(bytes(100_000))
    password = subprocess.run(["openssl", "passwd", "-apr1", "bi-mat"], capture_output=True, text=True, check=True)
    (folder / "htpasswd").write_text(f"canbo:{password.stdout}", encoding="ascii")
    with socket.create_server((address, 0)) as silent:  # takes connections, never answers
        configuration = _FRAME.format(
            folder=folder,
            address=address,
            nobody=NOBODY,
            http=HTTP,
            tls=TLS,
            silent=silent.getsockname()[1],
            hosts=_hosts(folder, pki, address),
        )
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        running = subprocess.Popen([binary, "-p", str(folder), "-c", str(folder / "nginx.conf")])
        try:
            _wait(running, address)
            yield folder / "access.log"
        finally:
            running.terminate()
            running.wait(10)


def _wait(running: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            socket.create_connection((address, OLD_TLS), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("nginx does not answer; see its error.log")
