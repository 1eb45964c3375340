"""Results objects of the 1.2 API: what a command of an execution context answers with."""

import html
import re

from .protocol import to_json

CANCELLED = {
    "resultType": "error",
    "summary": "Command was cancelled",
    "cause": "com.databricks.backend.common.rpc.CommandCancelledException: Command was cancelled",
}


def error_results(message, name=None):
    """An error that is a text: of SQL, of Scala, of ours."""
    return {"resultType": "error", "summary": summary(message, name), "cause": message}


def summary(message, name=None):
    """One line of HTML, as the API has it: the error's name in red, then what it says."""
    line = html.escape(next((line.strip() for line in message.splitlines() if line.strip()), ""), quote=False)[:2000]
    return f"<span class='ansi-red-fg'>{html.escape(name)}</span>: {line}" if name else line


def scala_results(status, text, table):
    """The JSON text of what a Scala command answers: its `display`, or its output."""
    if status == "ok":
        return table or to_json({"resultType": "text", "data": text.rstrip("\n")})
    if status == "incomplete":
        text = text + "error: the code is incomplete\n"
    failed = [line for line in text.splitlines() if re.search(r"\berror:|Exception\b|Error\b", line)]
    return to_json(error_results(text) | {"summary": summary(failed[0] if failed else text)})
