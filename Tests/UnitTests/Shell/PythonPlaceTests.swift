import Testing

@testable import Shell

/// What Tab looks for at the end of a text in Python.
@Suite struct PythonPlaceTests {
    @Test(arguments: [
        ("pri", PythonPlace.Expectation.name(call: nil), "pri"),
        ("x = f(a, na", .name(call: "f"), "na"), ("df.groupBy('a').agg(", .name(call: "df.groupBy('a').agg"), ""),
        ("(1 + na", .name(call: nil), "na"), ("f(a=", .name(call: nil), ""), ("if (x", .name(call: nil), "x"),
        ("spark.tab", .attribute(of: "spark"), "tab"), ("a.b.", .attribute(of: "a.b"), ""),
        ("spark.table(\"a.b\").sel", .attribute(of: "spark.table(\"a.b\")"), "sel"),
        ("x[0].up", .attribute(of: "x[0]"), "up"), ("return df.", .attribute(of: "df"), ""), ("(a + b).", .nothing, ""),
        ("import o", .module(in: ""), "o"), ("import os, js", .module(in: ""), "js"),
        ("import os.pa", .module(in: "os"), "pa"),
        ("import pandas as p", .nothing, "p"), ("from col", .module(in: ""), "col"), ("from os ", .nothing, ""),
        ("from os import pa", .member(of: "os"), "pa"), ("from os import path, se", .member(of: "os"), "se"),
        ("x = 1\n    from a.b import ", .member(of: "a.b"), ""), ("important = i", .name(call: nil), "i"),
        ("df[\"am", .column(of: "df"), "am"), ("df[['a', 'b", .column(of: "df"), "b"), ("x = [\"a", .nothing, "a"),
        ("df.select('a', 'b", .column(of: "df"), "b"), ("print('fo", .nothing, "fo"),
        ("spark.table(\"main.de", .table, "main.de"), ("spark.read.table('", .table, ""),
        ("df.write.saveAsTable(name='x", .nothing, "x"),
        ("spark.sql(\"\"\"select *\nfrom t where ", .sql, "select *\nfrom t where "),
        ("spark.sql(f'select * from ", .sql, "select * from "),
        ("# a comment pri", .nothing, "pri"), ("'#' + pri", .name(call: nil), "pri"), ("x = 12", .nothing, "12"),
    ])
    func isJudged(_ text: String, _ expected: PythonPlace.Expectation, _ typed: String) {
        let place = PythonPlace(text)
        #expect(place.expectation == expected)
        #expect(place.typed == typed && place.start == text.utf8.count - typed.utf8.count)
    }

    /// Nothing more is to be typed behind a name that fills its string, and its brackets.
    @Test(arguments: [
        ("df[\"unit pr", "unit pr", "\"]"), ("df['a", "a", "']"), ("df[['a', 'b c", "b c", "'"),
        ("df.select(\"a\", \"b", "b", "\""), ("df.filter(\"a > 1 and b", "b", ""),
        ("spark.table('main.de", "main.de", "')"),
        ("df.write.saveAsTable(\"x", "x", "\""), ("spark.sql('select ", "select ", ""), ("print('fo", "fo", ""),
        ("df.am", "am", ""),
    ])
    func stringsAreClosed(_ text: String, _ typed: String, _ closing: String) {
        let place = PythonPlace(text)
        #expect(place.typed == typed && place.closing == closing)
    }

    @Test func namesAreReadAndNothingElse() {
        let text = "printed before\n[[\"a\", \"int\"], [\"b=\", \"argument=1\"], [1], \"x\"]\n"
        #expect(
            PythonInspection.names(in: text) == [.init(text: "a", note: "int"), .init(text: "b=", note: "argument=1")])
        #expect(PythonInspection.names(in: "Traceback").isEmpty)
    }
}
