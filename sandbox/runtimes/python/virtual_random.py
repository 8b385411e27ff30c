"""Randomness inside a function's process, as handlers on Node.js have it: what a handler draws depends on its invocation alone."""
import os
import random

_generator = random.Random()


def restart(seed):
    _generator.seed(f"system {seed}")
    random.seed(seed)


def install(seed):
    """`uuid` and `secrets` draw from `os.urandom`, the functions of `random` from a generator of their own."""
    os.urandom = _generator.randbytes
    random._urandom = _generator.randbytes
    restart(seed)
