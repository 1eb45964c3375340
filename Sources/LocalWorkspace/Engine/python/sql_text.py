"""A lexer for SQL, good enough to change a text outside its strings, comments and quoted names."""

import re

TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.)*" | `(?:[^`]|``)*`)
      | (?P<comment>--[^\n]* | /\*.*?\*/)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<other>\s+ | .)""",
    re.DOTALL | re.VERBOSE,
)

# A name of one or more parts, for use inside other expressions.
NAME = r"((?:`[^`]*`|\w+)(?:\s*\.\s*(?:`[^`]*`|\w+))*)"

# Words after which a colon begins a parameter marker, not a path.
BEFORE_PARAMETER = {
    "THEN",
    "ELSE",
    "WHEN",
    "CASE",
    "SELECT",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "BETWEEN",
    "ON",
    "BY",
    "LIMIT",
    "SET",
    "VALUES",
}


def tokens(sql):
    """(kind, text) of every token; joined, the texts are the input."""
    return [(match.lastgroup, match.group()) for match in TOKEN.finditer(sql)]


def without_comments(sql):
    return "".join(" " if kind == "comment" else text for kind, text in tokens(sql))


def name_parts(name):
    """The parts of a dotted name, without back quotes."""
    parts = re.findall(r"`(?:[^`]|``)*`|[^.\s`]+", name)
    return [part[1:-1].replace("``", "`") if part.startswith("`") else part for part in parts]


def quoted(parts):
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)


def replace_call(sql, name, replacement):
    """Renames a function where it is called."""
    out = []
    all_tokens = tokens(sql)
    for i, (kind, text) in enumerate(all_tokens):
        rest = (t for k, t in all_tokens[i + 1 :] if not t.isspace())
        out.append(replacement if kind == "word" and text.lower() == name and next(rest, "") == "(" else text)
    return "".join(out)


def json_paths_as_calls(sql):
    """Databricks' path into JSON text, `raw:a.b[0]`, as `get_json_object(CAST(raw AS STRING), '$.a.b[0]')`."""
    parts = tokens(sql)
    i = 1
    while i < len(parts) - 1:
        if _is_path_colon(parts, i):
            start = _operand_start(parts, i - 1)
            path, end = _path(parts, i + 1)
            operand = "".join(text for _, text in parts[start:i])
            escaped = path.replace("\\", "\\\\").replace("'", "\\'")
            parts[start:end] = [("other", f"get_json_object(CAST({operand} AS STRING), '{escaped}')")]
            i = start + 1
        else:
            i += 1
    return "".join(text for _, text in parts)


def _is_path_colon(parts, i):
    """A colon after an operand and before a key: not `::`, not a parameter marker."""
    if parts[i] != ("other", ":") or ("other", ":") in (parts[i - 1], parts[i + 1]):
        return False
    kind, text = parts[i - 1]
    operand = kind == "string" or (kind == "word" and text.upper() not in BEFORE_PARAMETER) or text in (")", "]")
    kind, text = parts[i + 1]
    return operand and (kind == "word" or text[0] in "`[")


def _operand_start(parts, j):
    """Where the operand that ends at token `j` starts: a dotted name, a literal, or a call."""
    if parts[j][1] == ")":
        depth = 0
        while j > 0:
            depth += {")": 1, "(": -1}.get(parts[j][1], 0)
            if depth == 0:
                break
            j -= 1
        if j > 0 and parts[j - 1][0] == "word":
            j -= 1
    while j > 1 and parts[j - 1][1] == ".":
        j -= 2
    return j


def _path(parts, k):
    """The JSON path that starts at token `k`, and the token after it."""
    path = "$"
    if parts[k][1] != "[":
        path += "." + parts[k][1].strip("`")
        k += 1
    while k + 1 < len(parts) and (
        parts[k][1] == "[" or (parts[k][1] == "." and (parts[k + 1][0] == "word" or parts[k + 1][1].startswith("`")))
    ):
        if parts[k][1] == ".":
            path += "." + parts[k + 1][1].strip("`")
            k += 2
        else:
            end = k
            while end < len(parts) - 1 and parts[end][1] != "]":
                end += 1
            path += "".join(text for _, text in parts[k : end + 1])
            k = end + 1
    return path, k
