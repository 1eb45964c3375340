import Databricks
import Testing

@testable import Shell

/// How the argument of `.tables` is read.
@Suite struct ObjectPlaceTests {
    @Test(arguments: [
        (nil, ["main.default.*"]), ("t*", ["main.default.t*"]), ("shop", ["main.shop.*", "main.default.shop"]),
        ("a.b", ["a.b.*", "main.a.b"]), ("a.b*", ["main.a.b*", "a.b*.*"]), ("a.b.c", ["a.b.c"]), ("a.b.", ["a.b.*"]),
        ("`a.b`.c", ["a.b.c.*", "main.a.b.c"]), ("a.*.c", ["a.*.c"]),
    ])
    func readings(typed: String?, meant: [String]) throws {
        #expect(try ObjectPlace.readings(of: typed, in: SchemaName("main", "default")).map(\.text) == meant)
    }

    @Test func aNameHasThreeParts() {
        #expect(throws: UsageError.self) { try ObjectPlace.readings(of: "a.b.c.d", in: SchemaName("main", "default")) }
    }

    @Test(arguments: [
        ("a.b", ["a", "b"]), ("`a.b`.c", ["a.b", "c"]), ("`a``b`", ["a`b"]), ("", [""]), ("a.", ["a", ""]),
    ])
    func parts(path: String, parts: [String]) { #expect(SQLName.parts(of: path) == parts) }
}
