"""Settings of the web server process, read by gunicorn by itself."""

from hospitals.lazy_views import load_views
from hospitals.messages import load_messages
from scorecard.environment import read

# HOST, PORT: where the site listens; only this machine by default.
_host = read("str", "HOST", "127.0.0.1", example="192.168.1.10")
_port = read("int", "PORT", 8000, example="8080")
bind = f"{_host}:{_port}"
# WEB_PROCESSES, WEB_THREADS: how many requests are answered at once.
workers = read("int", "WEB_PROCESSES", 1, example="2")
threads = read("int", "WEB_THREADS", 4, example="8")
worker_class = "gthread"
# Loads the application before the first process is made, so that a wrong setting stops the start.
preload_app = True
# Nobody steers a running server: signals are enough.
control_socket_disable = True
timeout = 60
graceful_timeout = 3
# Behind a proxy the connection is kept for the next request.
keepalive = 15
max_requests = 5000
max_requests_jitter = 500


def when_ready(server: object) -> None:
    # Before the processes are made, so that they share it, and nobody who comes first waits for it.
    load_views()
    load_messages()
    print(f"Imbang is at http://{_host}:{_port}/", flush=True)
