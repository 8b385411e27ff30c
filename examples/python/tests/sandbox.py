"""A sandbox in a process of its own, and its control API: https://www.npmjs.com/package/cdk-marketplace-saas-sandbox. Copy it into any app."""
import json
import os
import shlex
import subprocess
import urllib.request


class Sandbox:
    """Runs the app in the folder `cdk.out`. Ends with `stop`, or with this process."""

    def __init__(self, app: str = "cdk.out", *options: str) -> None:
        command = shlex.split(os.environ.get("MARKETPLACE_SANDBOX", "npx marketplace-sandbox"))
        self.process = subprocess.Popen(
            [*command, "--app", app, "--attached", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sandbox did not start: exit code {self.process.wait()}, see its output above")
        ready = json.loads(line)
        self.endpoint: str = ready["endpoint"]
        self.outputs: dict = ready["outputs"]

    def request(self, path: str, body: dict | None = None, method: str | None = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.endpoint}/_sandbox/{path}", data, {"content-type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read() or "null")

    def state(self) -> dict:
        return self.request("state")

    def purchase(self, **details) -> dict:
        return self.request("purchase", details)

    def agreement(self, agreement_id: str, action: str) -> None:
        self.request(f"agreements/{agreement_id}/{action}", {})

    def advance(self, duration: str) -> None:
        """Moves the clock (ISO 8601, such as PT1H), and returns when all that was due has run."""
        self.request("clock", {"advance": duration})

    def reset(self) -> None:
        self.request("reset", {"keepProcesses": True})

    def stop(self) -> int:
        """Returns the exit code: 1 when a function was denied an AWS call, or failed."""
        self.process.terminate()
        return self.process.wait()
