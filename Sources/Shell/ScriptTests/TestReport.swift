import Text

/// How the outcome of `dbsh test` is written down: for people, as TAP, as JUnit XML.
struct TestReport {
    let outcomes: [ScriptTest.Outcome]
    let elapsed: Duration

    /// One script, for people.
    static func line(_ outcome: ScriptTest.Outcome) -> String {
        let head = "\(outcome.passed ? "ok  " : "FAIL")  \(outcome.path) (\(Quantity.seconds(outcome.elapsed)))"
        guard let failure = outcome.failure else { return head }
        return head + "\n" + indented(failure, by: "      ")
    }

    var summary: String {
        let failed = outcomes.filter { !$0.passed }.count
        let noun = outcomes.count == 1 ? "script" : "scripts"
        let rest = failed > 0 ? ", \(failed) failed" : ""
        return "\(outcomes.count) \(noun): \(outcomes.count - failed) passed\(rest) in \(Quantity.seconds(elapsed))"
    }

    /// The Test Anything Protocol, version 14, with failures as YAML blocks.
    var tap: String {
        var lines = ["TAP version 14", "1..\(outcomes.count)"]
        for (index, outcome) in outcomes.enumerated() {
            // `#` begins a directive.
            let name = outcome.path.replacing("\\", with: "\\\\").replacing("#", with: "\\#")
            lines.append("\(outcome.passed ? "ok" : "not ok") \(index + 1) - \(name)")
            guard let failure = outcome.failure else { continue }
            lines += ["  ---", "  message: |", Self.indented(failure, by: "    "), "  ..."]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// JUnit XML as CI systems read it: one suite, one case a script, what it wrote as `system-out`.
    var junit: String {
        let failed = outcomes.filter { !$0.passed }.count
        let counts = "tests=\"\(outcomes.count)\" failures=\"\(failed)\" errors=\"0\" time=\"\(Self.seconds(elapsed))\""
        var xml =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(counts)>\n<testsuite name=\"dbsh\" \(counts)>\n"
        for outcome in outcomes {
            let slash = outcome.path.lastIndex(of: "/")
            let name = slash.map { outcome.path[outcome.path.index(after: $0)...] } ?? outcome.path[...]
            let place = slash.map { outcome.path[..<$0] } ?? "."
            xml += "<testcase name=\"\(Self.escape(name))\" classname=\"\(Self.escape(place))\""
            xml += " time=\"\(Self.seconds(outcome.elapsed))\">\n"
            if let failure = outcome.failure {
                let message = failure.split(separator: "\n").first ?? ""
                xml += "<failure message=\"\(Self.escape(message))\">\(Self.escape(failure[...]))</failure>\n"
            }
            if !outcome.output.isEmpty { xml += "<system-out>\(Self.escape(outcome.output[...]))</system-out>\n" }
            xml += "</testcase>\n"
        }
        return xml + "</testsuite>\n</testsuites>\n"
    }

    private static func indented(_ text: String, by indent: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { indent + $0 }.joined(separator: "\n")
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        return "\((milliseconds / 1000 * 1000).rounded() / 1000)"
    }

    /// XML has no way to write most control characters, so they are made visible first.
    private static func escape(_ text: Substring) -> String {
        Markup.escaped(Sanitizer.text(String(text)))
    }
}
