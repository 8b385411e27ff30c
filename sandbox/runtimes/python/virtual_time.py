"""Virtual time inside a function's process, as handlers on Node.js have it: the moment at which the sandbox says that an invocation
starts, plus a millisecond for each HTTP request, plus what the handler waits. Monotonic clocks stay real."""
import sys
import threading
import time

# What a request takes, in virtual milliseconds.
REQUEST_MS = 1
# Code that reads the clock in a loop until a time comes would never end: after so many reads a millisecond passes.
READS_PER_MS = 5_000

_real_sleep = time.sleep


class VirtualTime:
    def __init__(self, start_ms):
        self.present = start_ms
        self.reads = 0
        self.deadline = float("inf")
        self.on_overdue = lambda: None

    def set(self, time_ms):
        self.present = time_ms
        self.reads = 0

    def step(self):
        self.set(self.present + REQUEST_MS)

    def read(self):
        self.reads += 1
        if self.reads >= READS_PER_MS:
            self.step()
        return self.present

    def sleep(self, seconds):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        end = self.present + seconds * 1000
        if threading.active_count() > 1:
            # Other threads are at work: how long they take is not known.
            _real_sleep(seconds)
        elif end >= self.deadline:
            self.on_overdue()
            _real_sleep(3600)
        self.set(max(end, self.present))


def install(start_ms):
    """Replaces what reads the clock. Must run before other modules import names from datetime."""
    virtual = VirtualTime(start_ms)
    _install_time(virtual)
    _install_datetime(virtual)
    return virtual


def _install_time(virtual):
    class with_now:
        """Not a function: as an attribute of a class it would become a method, which what it replaces does not."""

        def __init__(self, function):
            self.function = function

        def __call__(self, seconds=None):
            return self.function(virtual.read() / 1000 if seconds is None else seconds)

    real_strftime = time.strftime
    real_asctime = time.asctime
    time.time = lambda: virtual.read() / 1000
    time.time_ns = lambda: int(virtual.read() * 1_000_000)
    time.sleep = virtual.sleep
    time.gmtime = with_now(time.gmtime)
    time.localtime = with_now(time.localtime)
    time.ctime = with_now(time.ctime)
    time.strftime = lambda form, *moment: real_strftime(form, *(moment or (time.localtime(),)))
    time.asctime = lambda *moment: real_asctime(*(moment or (time.localtime(),)))


def _install_datetime(virtual):
    import datetime as module

    real_date, real_datetime = module.date, module.datetime

    class DateType(type):
        def __instancecheck__(cls, value):
            return isinstance(value, real_date)

        def __subclasscheck__(cls, other):
            return issubclass(other, real_date)

    class DatetimeType(type):
        def __instancecheck__(cls, value):
            return isinstance(value, real_datetime)

        def __subclasscheck__(cls, other):
            return issubclass(other, real_datetime)

    class date(real_date, metaclass=DateType):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(virtual.read() / 1000)

    class datetime(real_datetime, metaclass=DatetimeType):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(virtual.read() / 1000, tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(virtual.read() / 1000, module.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.now()

    for replacement in (date, datetime):
        replacement.__module__ = "datetime"
        replacement.__qualname__ = replacement.__name__
        setattr(module, replacement.__name__, replacement)
    for loaded in list(sys.modules.values()):
        for name, real, replacement in (("date", real_date, date), ("datetime", real_datetime, datetime)):
            if loaded is not None and loaded is not module and getattr(loaded, name, None) is real and loaded.__name__ != "_datetime":
                setattr(loaded, name, replacement)
