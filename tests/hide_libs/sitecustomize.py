"""On PYTHONPATH in every test run: no GDAL, GEOS or Pango to be found on this machine, whatever is installed.

`make run` promises to need nothing from the system; a library that is found by chance would hide a broken promise.
"""

import ctypes.util

HIDDEN = ("gdal", "geos", "pango")
_find_library = ctypes.util.find_library


def find_library(name):
    if any(hidden in name.lower() for hidden in HIDDEN):
        return None
    return _find_library(name)


ctypes.util.find_library = find_library
