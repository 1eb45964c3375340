"""A lexer for SQL, good enough to change a text outside its strings, comments and quoted names."""

import re

TOKEN = re.compile(
    r"""(?P<string>[rR]'[^']*' | [rR]"[^"]*" | '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*")
      | (?P<name>`(?:[^`]|``)*`)
      | (?P<comment>--(?:\\\n|[^\n])* | /\*)
      | (?P<word>[^\W\d]\w*)
      | (?P<blank>\s+)
      | (?P<other>\d+ | .)""",
    re.DOTALL | re.VERBOSE,
)
COMMENT_ENDS = re.compile(r"/\*|\*/")

# For patterns of whole statements: a name of one or more parts, and a string.
NAME = r"((?:`(?:[^`]|``)*`|\w+)(?:\s*\.\s*(?:`(?:[^`]|``)*`|\w+))*)"
STRING = r"""([rR]'[^']*'|[rR]"[^"]*"|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")"""
ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}

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
    found, at = [], 0
    while match := TOKEN.match(sql, at):
        end = match.end() if match[0] != "/*" else _end_of_comment(sql, match.end())
        found.append((match.lastgroup, sql[at:end]))
        at = end
    return found


def _end_of_comment(sql, at):
    """Comments nest."""
    depth = 1
    for bracket in COMMENT_ENDS.finditer(sql, at):
        depth += 1 if bracket[0] == "/*" else -1
        if depth == 0:
            return bracket.end()
    return len(sql)


def without_comments(sql):
    return "".join(" " if kind == "comment" else text for kind, text in tokens(sql))


def string_value(literal):
    """What a string literal says (Databricks SQL reference, "STRING type")."""
    if literal[0] in "rR":
        return literal[2:-1]
    quote = literal[0]
    return re.sub(
        r"\\(.)|" + quote * 2,
        lambda match: quote if match[1] is None else ESCAPES.get(match[1], match[1]),
        literal[1:-1],
        flags=re.DOTALL,
    )


def string_literal(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def name_parts(name):
    """The parts of a dotted name, without back quotes."""
    parts = re.findall(r"`(?:[^`]|``)*`|[^.\s`]+", name)
    return [part[1:-1].replace("``", "`") if part.startswith("`") else part for part in parts]


def quoted(parts):
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)


class Cursor:
    """Reads a statement token by token, past blanks and comments, and changes it between its tokens."""

    def __init__(self, sql):
        self._parts = tokens(sql)
        self._code = [i for i, (kind, _) in enumerate(self._parts) if kind not in ("blank", "comment")]
        self.at = 0

    @property
    def text(self):
        return "".join(text for _, text in self._parts)

    def peek(self, ahead=0):
        """(kind, text) of a token; of none there, empty ones."""
        place = self.at + ahead
        return self._parts[self._code[place]] if place < len(self._code) else ("", "")

    def before(self, place):
        """The token before a place."""
        return self._parts[self._code[place - 1]][1] if place > 0 else ""

    def take(self, *texts):
        """Moves past these tokens, in any case, if they are the next ones."""
        found = all(self.peek(i)[1].lower() == text for i, text in enumerate(texts))
        if found:
            self.at += len(texts)
        return found

    def name(self):
        """Moves past a dotted name: its parts, or None when there is none here."""
        parts, at = [], self.at
        while self.peek()[0] in ("word", "name"):
            parts += name_parts(self.peek()[1])
            self.at += 1
            if self.peek()[1] != "." or self.peek(1)[0] not in ("word", "name"):
                return parts
            self.at += 1
        self.at = at
        return None

    def string(self):
        """Moves past a string literal: its value, or None."""
        kind, text = self.peek()
        if kind != "string":
            return None
        self.at += 1
        return string_value(text)

    def between(self, start, end):
        """The text from one place up to another."""
        last = self._code[end] if end < len(self._code) else len(self._parts)
        return "".join(text for _, text in self._parts[self._code[start] : last])

    def replace(self, start, replacement):
        """Puts other text in the place of what was read from `start` on."""
        first, last = self._code[start], self._code[self.at - 1]
        self._parts[first] = ("other", replacement)
        for i in range(first + 1, last + 1):
            self._parts[i] = ("blank", "")

    def calls(self):
        """Yields the parts and the place of every name that is called from here on; the cursor is before its bracket."""
        while self.peek()[0]:
            start, before = self.at, self.before(self.at)
            parts = self.name()
            if parts is None:
                self.at += 1
            elif self.peek()[1] == "(" and before != ".":
                yield parts, start


def replace_call(sql, name, replacement):
    """Renames a function where it is called."""
    cursor = Cursor(sql)
    for parts, start in cursor.calls():
        if len(parts) == 1 and parts[0].lower() == name:
            cursor.replace(start, replacement)
    return cursor.text


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
    operand = kind in ("string", "name") or (kind == "word" and text.upper() not in BEFORE_PARAMETER) or text in (")", "]")
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
