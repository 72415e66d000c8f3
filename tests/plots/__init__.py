import pytest

pytest.register_assert_rewrite("tests.plots.drawn")
