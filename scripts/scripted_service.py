"""A service on this computer that lists the same rows at every request, keeps the schedules that are created, and remembers the keys."""

import http.server
import json
import threading

SERVICES = [{"id": f"dbtour{number:07}", "name": name, "status": "ready"} for number, name in enumerate(("orders", "billing", "crm"))]


def backups():
    """Nine of each service, every third one failed; the sizes are in no order of time."""
    for number in range(27):
        service, hour = SERVICES[number % 3], number // 3
        status, size = ("Failed", 0) if number % 3 == hour % 3 else ("Succeeded", (number * 7919 % 27 + 1) << 30)
        yield {"id": f"{number:08x}:{service['id']}:pod-0", "service_id": service["id"], "service_name": service["name"], "type": "full",
               "status": status, "start_time": f"2026-08-21T{hour:02}:00:07Z", "end_time": f"2026-08-21T{hour:02}:11:42Z",
               "storage_bytes": size}


class Service(http.server.BaseHTTPRequestHandler):
    """The service; what it received is in the class."""

    protocol_version = "HTTP/1.1"
    keys, created = [], []

    def do_GET(self):
        self.keys.append(self.headers.get("X-API-Key"))
        if "/schedules" in self.path:
            self.reply({"schedules": self.created, "schedules_count": len(self.created), "pages_count": 1})
        elif "/backups" in self.path:
            rows = list(backups())
            self.reply({"backups": rows, "backups_count": len(rows), "pages_count": 1})
        else:
            self.reply(SERVICES)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        row = {"id": 4312, "service_id": body["service_id"], "type": body["backup_type"], "schedule": body["schedule"], "status": "Scheduled"}
        self.created.append(row)
        self.reply(row)

    def reply(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve():
    """Starts the service on a free port; returns its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
