import Testing

@testable import Shell

/// The line of a cell that a traceback names, in the forms that clusters write.
@MainActor @Suite struct ErrorPositionTests {
    @Test(arguments: [
        ("File <command-7>:3\n      1 x", 3),
        ("File \u{1B}[0;32m<command-7>:12\u{1B}[0m, in f(x)", 12),
        ("  File \u{1B}[1;32m\"<command--1>\"\u{1B}[0m, line \u{1B}[1;32m43\u{1B}[0m\n    x =", 43),
        ("  File \"<command-123>\", line 2, in <module>", 2),
        (
            "\u{1B}[0;32m<command--1>\u{1B}[0m in \u{1B}[0;36m<module>\u{1B}[0;34m\u{1B}[0m\n      2 y\n\u{1B}[0;32m----> 3\u{1B}[0m x",
            3
        ),
        ("<ipython-input-3-abc> in <module>\n----> 12 x", 12),
        ("Cell In[3], line 2\n      1 x\n----> 2 y", 2),
        ("Cell \u{1B}[0;32mIn[3], line 4\u{1B}[0m", 4),
        ("File /databricks/python/lib/x.py:30\nFile <command-7>:5", 5),
    ])
    func tracebacksNameALine(_ text: String, _ line: Int) {
        #expect(ErrorPosition.line(inTraceback: text) == line)
    }

    @Test func othersDoNot() {
        #expect(ErrorPosition.line(inTraceback: "File /lib/x.py:30, in f") == nil)
        #expect(ErrorPosition.line(inTraceback: "") == nil)
    }
}
