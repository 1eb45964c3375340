import Databricks
import Shell
import Testing

/// Code as it is being typed, and what is still open: nil means that Enter runs it.
private let pythonCases: [(code: String, open: OpenConstruct?)] = [
    ("print(1)", nil), ("x = [1,\n2]", nil), ("x = [1,", .bracket("[")), ("f(a,\n  b", .bracket("(")),
    ("{'a': [", .bracket("[")),
    ("s = 'a", nil), ("s = \"it's\"", nil), ("s = '''a", .quote("'''")), ("s = \"\"\"a\n'''\n", .quote("\"\"\"")),
    ("s = '''a''' '''b", .quote("'''")), (#"s = r'\'"#, nil), (#"s = '\''"#, nil), (#"s = '''\'''"#, .quote("'''")),
    (#"s = b'\x00' + rb'\n'"#, nil), ("x = 1 + \\", .continuation), ("x = 1 + \\\n2", nil), ("# if x:", nil),
    ("x = 1  # (", nil), ("x = '#'", nil), ("s = '#' + (", .bracket("(")), (")", nil), ("x = (1]", nil),
    ("f'{x}'", nil), ("f'{x'", .bracket("{")), ("f'{d[\"a\"]}'", nil), ("f'{d['a']}'", nil), ("f\"{d[\"(\"]}\"", nil),
    ("f'{{'", nil), ("f'{{x}'", nil), ("f'{x:>{w}}'", nil), ("f'{x:>{w'", .bracket("{")), ("f'{x!r:^10}'", nil),
    ("f'{x:\"^9}'", nil), ("f'{(lambda: 1)()}'", nil), ("f'{ {1: 2}[1] }'", nil), ("rf'{x}\\d' + '('", nil),
    ("f'''{\nx\n}'''", nil), ("f'''{x}", .quote("'''")), ("f'''{f\"{y}\"}", .quote("'''")), ("F'{x", .bracket("{")),
    ("of'{'", nil), ("f'a\nb", nil), ("t'{x}'", nil), ("f'{x:\n'", nil),
    ("if x:", .suite), ("if x: y", .suite), ("if x: y\n", nil), ("for i in x: print(i)", .suite),
    ("while True:\n  pass", .suite),
    ("def f(a,\n", .bracket("(")), ("def f(a,\n b): pass", .suite), ("def f():\n  '''doc", .quote("'''")),
    ("class A: pass", .suite), ("class A:\n  x = 1\n", nil), ("try:\n  a\nexcept B:", .suite),
    ("with a as b: c", .suite),
    ("async def f(): pass", .suite), ("@cache\ndef f(): pass", .suite), ("@cache", .suite),
    ("match x:\n  case 1: y", .suite),
    ("iffy = 1", nil), ("format('x')", nil), ("lambda: 1", nil), ("x = {1: 2}", nil), ("x: int = 1", nil),
    ("return_value = [i for i in x if i]", nil), ("x[1:2]", nil), ("if (a and\n  b", .bracket("(")),
    ("for i in x:\n    for j in y:\n        z\n", nil), ("if x:\n    y\nelse:", .suite), ("x = 1;", nil), ("", nil),
    ("\n\n", nil),
    ("%timeit x", nil), ("!ls", nil), ("x?", nil), ("print('漢', \"", .bracket("(")),
]

private let scalaCases: [(code: String, open: OpenConstruct?)] = [
    ("val a = 1", nil), ("val a = List(1,", .bracket("(")), ("def f = {", .bracket("{")), ("def f = {\n}", nil),
    ("val s = \"a { b\"", nil), ("val s = \"\"\"a", .quote("\"\"\"")), ("val s = \"\"\"a\"b\"\"\"\"", nil),
    ("val c = '{'", nil),
    ("val c = '\\''", nil), ("val c = '\\u007b'", nil), ("val s = 'sym", nil), ("/* a", .comment),
    ("/* /* */", .comment),
    ("/* /* */ */", nil), ("// {", nil), ("val s = \"\\\"{\"", nil), ("`{`", nil), ("s\"${x + \"a\"}\"", nil),
]

private let rCases: [(code: String, open: OpenConstruct?)] = [
    ("x <- 1", nil), ("f <- function(x) {", .bracket("{")), ("f <- function(x) {\n x }", nil),
    ("x <- c(1,", .bracket("(")),
    ("s <- 'a", .quote("'")), ("s <- 'a\nb'", nil), ("s <- \"it's\"", nil), ("# {", nil), ("s <- '#'", nil),
    ("x <- r\"(a)\"", nil), ("x <- r\"(a\"", .quote("\"")), ("x <- R'--[a]-'", .quote("'")), ("x <- r'--[a]--'", nil),
    ("`a {` <- 1", nil), ("x[[\"a\"", .bracket("[")), ("s <- '\\''", nil), ("x %in% y", nil), ("var'", .quote("'")),
]

@Suite struct CodeCompletenessTests {
    @Test(arguments: pythonCases) func python(_ code: String, _ open: OpenConstruct?) { expect(code, .python, open) }
    @Test(arguments: scalaCases) func scala(_ code: String, _ open: OpenConstruct?) { expect(code, .scala, open) }
    @Test(arguments: rCases) func r(_ code: String, _ open: OpenConstruct?) { expect(code, .r, open) }

    private func expect(_ code: String, _ language: Language, _ open: OpenConstruct?) {
        #expect(CellCompleteness.open(in: code, language: language, commands: ["mode"]) == open)
    }
}
