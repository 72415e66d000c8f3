"""What nbval lets pass, and what it does not."""

import pytest

from tests.close_enough import close


@pytest.mark.parametrize(
    "test, ref, same",
    [
        ("accuracy 0.924", "accuracy 0.925", True),
        ("accuracy 0.924", "accuracy 0.929", True),
        ("accuracy 0.924", "accuracy 0.930", False),
        ("+3.8 [+1.7, +5.9] points, 10 seeds", "+3.8 [+1.8, +5.9] points, 10 seeds", True),
        ("+3.8 points, 10 seeds", "+3.8 points, 11 seeds", False),
        ("-0.1 points", "+0.0 points", True),
        ("+3.8 points", "+4.5 points", False),
        ("A is ahead 0.5", "B is ahead 0.5", False),
        ("240 of 240 runs", "239 of 240 runs", False),
        ("True", "False", False),
    ],
)
def test_close(test, ref, same):
    assert close(test, ref) is same
