"""The suite runs as on a machine without the libraries that geographic and document packages like to find."""

import ctypes.util

import pytest


@pytest.mark.parametrize("name", ["gdal", "gdal3", "geos", "geos_c", "pango-1.0"])
def test_a_library_of_the_system_is_not_to_be_found(name: str) -> None:
    assert ctypes.util.find_library(name) is None


def test_other_libraries_are() -> None:
    assert ctypes.util.find_library("c") is not None
