"""What a value is, as a hash: the part of it that threads may ask for at once."""

import ast
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from transferlib import fingerprint


def gives_way(*_):
    time.sleep(0)


def parse(_):
    with suppress(SystemError):  # which is what the other threads must not get
        ast.parse(fingerprint._TEXTS["transferlib.fingerprint"])


def test_threads_may_ask_at_once_and_while_others_parse():
    """Python 3.11 parses in one thread at a time only: "AST constructor recursion depth mismatch", now and then.

    The others are not ours: TensorFlow's AutoGraph parses too, and so does a notebook's shell.
    """
    held, every = gc.get_threshold(), sys.getswitchinterval()
    gc.callbacks.append(gives_way)  # wherever the collector runs, another thread goes on
    try:
        gc.set_threshold(50)
        sys.setswitchinterval(1e-6)
        with ThreadPoolExecutor(4) as pool:
            others = pool.map(parse, range(60))
            texts = list(pool.map(lambda _: fingerprint._compiled.__wrapped__("transferlib.fingerprint"), range(60)))
            list(others)
    finally:
        gc.callbacks.remove(gives_way)
        gc.set_threshold(*held)
        sys.setswitchinterval(every)
    assert len(set(text for text, _ in texts)) == 1


def test_functions_of_no_module_are_told_by_their_code():
    first, again, other = {}, {}, {}
    for scope, code in (first, "x + 1"), (again, "x + 1"), (other, "x + 2"):
        exec(f"def method(x):\n    return {code}", scope)
    one, same, another = (fingerprint.fingerprint(scope["method"])[0] for scope in (first, again, other))
    assert one == same != another
