"""What runs inside the process of a function in Python: polls the runtime API, as Lambda's own runtime client does.
argv: host:port of the runtime API, the virtual time at which the process starts, and what its random numbers depend on."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import virtual_time  # noqa: E402

api, start_time, seed = sys.argv[1:4]
clock = virtual_time.install(float(start_time))

import _thread  # noqa: E402
import decimal  # noqa: E402
import http.client  # noqa: E402
import importlib  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import traceback  # noqa: E402

import runtime_modules  # noqa: E402
import virtual_random  # noqa: E402

TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
LAYERS = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
current_request = ""


class RuntimeConnection(http.client.HTTPConnection):
    """To the runtime API: its requests take no time."""


class HandlerError(Exception):
    def __init__(self, error_type, message):
        super().__init__(message)
        self.error_type = error_type


runtime = RuntimeConnection(api)


def install_request_time():
    """Every request takes a step of the handler's time, and says when it was made: rate limits go by that."""
    real_end_headers = http.client.HTTPConnection.endheaders

    def end_headers(connection, *args, **options):
        if not isinstance(connection, RuntimeConnection):
            clock.step()
            connection.putheader("x-sandbox-instant", str(clock.present))
        return real_end_headers(connection, *args, **options)

    http.client.HTTPConnection.endheaders = end_headers


def end_with_sandbox():
    """The other end of stdin is the sandbox."""
    try:
        while sys.stdin.buffer.read(1024):
            pass
    finally:
        os._exit(0)


def call(method, route, body=None):
    runtime.request(method, f"/2018-06-01/runtime/{route}", body, {} if body is None else {"content-type": "application/json"})
    response = runtime.getresponse()
    return response.headers, response.read()


def report_overdue():
    connection = RuntimeConnection(api)
    connection.request("POST", f"/2018-06-01/runtime/invocation/{current_request}/overdue", "{}")
    connection.getresponse().read()


def describe(error, error_type=None):
    trace = traceback.format_exception(type(error), error, error.__traceback__)
    print(f"[ERROR] {error_type or type(error).__name__}: {error}\n{''.join(trace)}", flush=True)
    return json.dumps({
        "errorMessage": str(error),
        "errorType": error_type or type(error).__name__,
        "requestId": current_request,
        "stackTrace": traceback.format_tb(error.__traceback__),
    })


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = float(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - clock.present))

    def log(self, message):
        print(message, flush=True)


class LogFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = current_request
        return True


def install_logging():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(LogFilter())
    logging.getLogger().addHandler(handler)


def to_json(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def load_handler():
    name = os.environ["_HANDLER"]
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise HandlerError("Runtime.MalformedHandlerName", f"Bad handler '{name}': expected 'file.function'")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise HandlerError("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    if not hasattr(module, function_name):
        raise HandlerError("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name)


def run(handler, headers, body):
    try:
        clock.deadline = float(headers["lambda-runtime-deadline-ms"])
        result = handler(json.loads(body), Context(headers))
        clock.deadline = float("inf")
        return "response", json.dumps(result, default=to_json)
    except Exception as error:
        return "error", describe(error)


def main():
    global current_request
    _thread.start_new_thread(end_with_sandbox, ())
    install_request_time()
    install_logging()
    clock.on_overdue = report_overdue
    runtime_modules.install(TASK_ROOT, LAYERS)
    virtual_random.install(seed)
    try:
        handler = load_handler()
    except Exception as error:
        call("POST", "init/error", describe(error, getattr(error, "error_type", None)))
        sys.exit(1)
    while True:
        headers, body = call("GET", "invocation/next")
        clock.set(float(headers["x-sandbox-time"]))
        current_request = headers["lambda-runtime-aws-request-id"]
        virtual_random.restart(current_request)
        route, answer = run(handler, headers, body)
        sys.stdout.flush()
        call("POST", f"invocation/{current_request}/{route}", answer)


main()
