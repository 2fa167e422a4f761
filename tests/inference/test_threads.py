"""No engine gets more threads than the budget, and the native libraries really take what they are given."""

import os
import subprocess
import sys
from dataclasses import astuple

import onnxruntime
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.inference.threads import Threads, prepare_environment, session_options, usable_cores


@given(st.integers(min_value=1, max_value=256))
def test_what_computes_at_one_moment_leaves_a_core(cores: int) -> None:
    threads = Threads.for_cores(cores)
    assert min(astuple(threads)) >= 1
    assert threads.at_once <= max(1, cores - 1)
    assert max(astuple(threads)) == threads.at_once


@given(st.integers(min_value=1, max_value=256))
def test_the_environment_holds_the_budget_and_pools_that_sleep(cores: int) -> None:
    environment: dict[str, str] = {}
    assert prepare_environment(cores, environment) == environment
    assert environment["OMP_NUM_THREADS"] == str(max(1, cores - 1))
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"


@given(st.dictionaries(st.sampled_from(["OMP_NUM_THREADS", "KMP_BLOCKTIME", "PATH"]), st.text(max_size=3)))
def test_what_a_person_has_set_stays(chosen: dict[str, str]) -> None:
    environment = dict(chosen)
    added = prepare_environment(4, environment)
    assert environment == {**added, **chosen}
    assert not added.keys() & chosen.keys()
    assert prepare_environment(8, environment) == {}


def test_this_computer_has_a_core() -> None:
    assert usable_cores() >= 1


def test_a_session_gets_its_threads_and_does_not_spin() -> None:
    options = session_options(3)
    assert isinstance(options, onnxruntime.SessionOptions)
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (3, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_native_libraries_take_what_the_environment_says() -> None:
    """In a process of its own, because they read it once. Without it torch takes every core."""
    script = """
from heimdex_desktop.inference.threads import Threads, limit_opencv, limit_torch, prepare_environment
prepare_environment(2)
import torch, cv2
assert torch.get_num_threads() == 1, torch.get_num_threads()
threads = Threads(torch=2, ctranslate2=2, onnxruntime=2, opencv=2)
limit_torch(threads)
limit_torch(threads)
limit_opencv(threads)
assert (torch.get_num_threads(), torch.get_num_interop_threads(), cv2.getNumThreads()) == (2, 1, 2)
"""
    names = ("OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "MKL_NUM_THREADS")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
