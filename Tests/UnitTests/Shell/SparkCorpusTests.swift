import Foundation
import Shell
import Testing

/// Splits Apache Spark's own SQL test inputs (sql/core/src/test/resources/sql-tests, Apache-2.0) and compares with the
/// queries that Spark ran, which its golden files list. The inputs are not part of this repository: the test runs when
/// `DBSH_SPARK_SQL_CORPUS` names a directory that holds `inputs/*.sql` and `results/*.sql.out`.
///
///     DBSH_SPARK_SQL_CORPUS=…/sql-tests scripts/test unit SparkCorpus
@Suite(.enabled(if: SparkCorpus.directory != nil))
struct SparkCorpusTests {
    @Test(arguments: SparkCorpus.names) func splitsAsSparkDid(_ name: String) throws {
        let directory = try #require(SparkCorpus.directory)
        let input = try String(contentsOfFile: "\(directory)/inputs/\(name)", encoding: .utf8)
        let golden = try String(contentsOfFile: "\(directory)/results/\(name).out", encoding: .utf8)
        let ran = Self.queries(golden)
        try #require(!ran.isEmpty)
        let read = Self.sections(input).flatMap { SQLSplitTests.split([Array($0.utf8)]) }
        #expect(read.count == ran.count, "\(name): \(read.count) statements read, Spark ran \(ran.count)")
        for (read, ran) in zip(read, ran) { #expect(read == ran) }
    }

    /// What Spark's test suite sees of an input: without lines that are comments as a whole, which are its directives,
    /// and with `\;` for a `;` that does not end a query. Sections that the suite itself takes for one query, since its own
    /// way to split (at every `;`) would fail them, are read on their own, without the `;` that it strips.
    private static func sections(_ input: String) -> [String] {
        let parts = input.components(separatedBy: "--QUERY-DELIMITER-START")
        return parts.flatMap { part -> [String] in
            let halves = part.components(separatedBy: "--QUERY-DELIMITER-END").map(code)
            return halves.count == 1 ? halves : [withoutEnd(halves[0]), halves[1]]
        }
    }

    private static func code(_ text: String) -> String {
        text.components(separatedBy: "\n").filter { line in !trimmed(line).hasPrefix("--") }
            .joined(separator: "\n").replacingOccurrences(of: "\\;", with: ";")
    }

    private static func withoutEnd(_ query: String) -> String {
        let query = trimmed(query)
        return query.hasSuffix(";") ? String(query.dropLast()) : query
    }

    /// The queries of a golden file: what stands between `-- !query` and `-- !query schema`.
    private static func queries(_ golden: String) -> [String] {
        golden.components(separatedBy: "-- !query\n").dropFirst().map { part in
            trimmed(part.components(separatedBy: "\n-- !query ")[0])
        }
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}

private enum SparkCorpus {
    static var directory: String? { ProcessInfo.processInfo.environment["DBSH_SPARK_SQL_CORPUS"] }

    static var names: [String] {
        guard let directory, let all = try? FileManager.default.contentsOfDirectory(atPath: directory + "/inputs")
        else {
            return []
        }
        return all.filter { $0.hasSuffix(".sql") }.sorted()
    }
}
