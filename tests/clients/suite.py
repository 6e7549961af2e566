"""Runs the test suite of jupyter_kernel_test, which kernels of all languages use: `suite.py KERNEL`."""

import sys
import unittest

from jupyter_kernel_test import KernelTests

from languages import language_of

kernel = sys.argv.pop(1)
cells = language_of(kernel)


class Suite(KernelTests):
    kernel_name = kernel
    language_name = cells.name
    file_extension = cells.extension
    code_hello_world = cells.write_to_stdout
    code_stderr = cells.write_to_stderr
    completion_samples = [{"text": cells.complete, "matches": cells.members}]
    complete_code_samples = [cells.complete_cell]
    incomplete_code_samples = [cells.incomplete_cell]
    invalid_code_samples = [cells.invalid_cell]
    code_generate_error = cells.throw
    code_execute_result = [{"code": code, "result": result} for code, result in cells.results]
    code_display_data = [{"code": cells.display, "mime": cells.display_type}]
    code_history_pattern = cells.results[0][0].replace("*", "?")
    supported_history_operations = cells.history_operations
    code_inspect_sample = cells.inspect
    code_clear_output = cells.clear_output


del KernelTests
unittest.main(argv=[sys.argv[0], "-v"] if len(sys.argv) < 2 else None)
