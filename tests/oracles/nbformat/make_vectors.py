#!/usr/bin/python3
"""Writes vectors.json: notebooks as somebody might have written them ("input"), and the text that Jupyter's own nbformat
writes after reading them ("canonical"). Needs Debian's python3-nbformat (5.5.0 when these were made):

    /usr/bin/python3 make_vectors.py > vectors.json
"""

import json
import sys

import nbformat


def notebook(cells, metadata=None, minor=5, **more):
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": metadata or {}, "cells": cells, **more}


def code(identifier, source, outputs=(), count=None, metadata=None, **more):
    return {"id": identifier, "cell_type": "code", "source": source, "outputs": list(outputs), "execution_count": count,
            "metadata": metadata or {}, **more}


def markdown(identifier, source, **more):
    return {"id": identifier, "cell_type": "markdown", "source": source, "metadata": {}, **more}


INPUTS = {
    "empty": json.dumps(notebook([])),
    "kernelspec": json.dumps(notebook([code("a", "1 + 1")], {
        "language_info": {"name": "C#", "file_extension": ".cs"},
        "kernelspec": {"name": ".net-csharp", "language": "C#", "display_name": ".NET (C#)"}})),
    "line breaks of every kind": json.dumps(notebook([
        code("none", ""), code("one", "a"), code("end", "a\n"), code("two", "a\n\nb"), code("crlf", "a\r\nb\rc"),
        markdown("odd", "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\x1fj")])),
    "sources as lists": json.dumps(notebook([code("a", ["x\n", "y"]), markdown("b", ["# T", "itle\n", ""]), markdown("c", [])])),
    "characters": json.dumps(notebook([
        markdown("escapes", "\"quoted\" \\ / \b \f \t \x00 \x1f \x7f \xa0"), markdown("plain", "é 我 𠀀 🙂 \u200b \ufeff \ufffd")]), ensure_ascii=True),
    "keys in the order of code points": json.dumps(notebook([], {"b": 1, "a": 2, "B": 3, "": 4, "é": 5, "\uffee": 6, "🙂": 7, "a b": 8})),
    "numbers": '{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"n": ['
               '0, 1, -1, 12345678901234567890123, 0.0, -0.0, 1.0, 1.50, 1e5, 1E5, 1e15, 1e16, 123456789012345678.0, 1e-4, 1e-5, 0.00001234, '
               '1.7976931348623157e308, 5e-324, 0.1, 0.30000000000000004, 100.125, 1e22, 123456.789e3, 2.5E-3, 9007199254740993.0, 1e100]}}',
    "outputs": json.dumps(notebook([code("a", "x", [
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "stream", "name": "stderr", "text": ["c", "d\n", "e"]},
        {"output_type": "stream", "name": "stdout", "text": ""},
        {"output_type": "display_data", "metadata": {"image/png": {"width": 3}}, "data": {
            "text/plain": "one\ntwo", "text/html": "<b>\n</b>", "image/svg+xml": "<svg>\n</svg>", "image/png": "aGk=\n", "application/javascript": "a\nb",
            "application/vnd.plotly.v1+json": {"layout": {}, "data": [{"y": [1, 2.0, None], "x": ["a\nb"], "on": True, "off": False}]},
            "application/json": ["a", "b"], "application/x-other": "a\nb", "text/x-list": ["a\n", "b"]}},
        {"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": {"text/plain": "4"}},
        {"output_type": "error", "ename": "E", "evalue": "v\nw", "traceback": ["\x1b[31mred\x1b[0m\nnext", ""]},
    ], 3)])),
    "attachments": json.dumps(notebook([
        markdown("a", "![x](attachment:x.png)", attachments={"x.png": {"image/png": "aGk="}, "t.txt": {"text/plain": "a\nb"}})])),
    "metadata": json.dumps(notebook([
        code("a", "x", metadata={"tags": ["timing", "raises-exception"], "z": {}, "a": [], "jupyter": {"source_hidden": True}, "trusted": True})],
        {"orig_nbformat": 3, "signature": "s", "other": None})),
    "unknown keys": json.dumps(notebook([code("a", "x", more={"k": [1]}), {**markdown("b", "y"), "extra": "a\nb"}], custom={"b": [], "a": {}})),
    "raw cell": json.dumps(notebook([{"id": "r", "cell_type": "raw", "source": "a\nb", "metadata": {"format": "text/latex"}}])),
}


def main():
    vectors = []
    for name, text in INPUTS.items():
        document = nbformat.reads(text, as_version=4)
        canonical = nbformat.v4.writes(document) + "\n"
        vectors.append({"name": name, "input": text, "canonical": canonical})
    json.dump({"nbformat": nbformat.__version__, "vectors": vectors}, sys.stdout, indent=1)
    print()


main()
