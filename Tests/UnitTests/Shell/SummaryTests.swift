import Results
import Testing

@testable import Shell

/// `.summary`: what is counted here, and what a statement is asked.
@MainActor @Suite struct SummaryTests {
    private func summary(_ type: String, _ cells: [String?]) -> [String?] {
        let column = Column(name: "c", typeText: type)
        var survey = ColumnSurvey(column, columns: 1)
        survey.add(ResultStore(columnCount: 1, rows: cells.map { [$0] }), 0)
        #expect(survey.isExact)
        return survey.summary.row(of: column, isForReading: true)
    }

    @Test func eachTypeIsSummedUp() {
        #expect(
            summary("BIGINT", (1...100).reversed().map { "\($0)" } + [nil])
                == ["c", "bigint", "1", "100", "1", "26", "51", "75", "100", "████████"])
        #expect(
            summary("DOUBLE", ["NaN", "0.1", "0.30000000000000004", nil])
                == ["c", "double", "1", "3", "0.1", "0.1", "0.3", "0.3", "0.3", "█      █"])
        #expect(
            summary("TIMESTAMP", ["2026-01-01T00:16:02.000Z", "2026-01-02T00:00:00.500Z"]).dropFirst(3).prefix(3)
                == ["2", "2026-01-01 00:16:02", "2026-01-01 00:16:02"])
        #expect(summary("STRING", ["b", "Ä", "a", "a"]) == ["c", "string", "0", "3", "a", nil, nil, nil, "Ä", nil])
        #expect(
            summary("ARRAY<INT>", ["[1]", nil]) == ["c", "array<int>", "1", nil, nil, nil, nil, nil, nil, nil])
        #expect(summary("INT", [nil]) == ["c", "int", "1", "0", nil, nil, nil, nil, nil, nil])
        #expect(summary("INT", ["7"]).last == .some(nil))
    }

    /// Text takes no more room than times do; in a file it is whole.
    @Test func longTextsAreCutForPeople() {
        let columns = [Column(name: "at", typeText: "TIMESTAMP"), Column(name: "note", typeText: "STRING")]
        let cells = [["2026-01-01T00:16:02.000Z", String(repeating: "x", count: 40)]]
        let summaries = columns.indices.map { index -> ColumnSummary in
            var survey = ColumnSurvey(columns[index], columns: 2)
            survey.add(ResultStore(columnCount: 2, rows: cells), index)
            return survey.summary
        }
        func least(_ isForReading: Bool) -> [String?] {
            ColumnSummary.rows(of: columns, summaries, isForReading: isForReading).map { $0[4] }
        }
        #expect(least(true) == ["2026-01-01 00:16:02", String(repeating: "x", count: 18) + "…"])
        #expect(least(false).last?.map(\.count) == 40)
    }

    /// Of many rows a sample is kept, and the number of different values is estimated; the ends stay exact.
    @Test func manyRowsAreEstimatedAndItIsKnown() throws {
        let column = Column(name: "c", typeText: "INT")
        var survey = ColumnSurvey(column, columns: 1000)
        survey.add(ResultStore(columnCount: 1, rows: (0..<30_000).map { ["\($0)"] }), 0)
        #expect(!survey.isExact)
        let summary = survey.summary
        #expect(summary.min == "0" && summary.max == "29999")
        let distinct = try #require(summary.distinct)
        #expect(abs(distinct - 30_000) < 3_000)
        let median = try #require(Int(summary.quantiles[summary.quantiles.count / 2]))
        #expect(abs(median - 15_000) < 3_000)
    }

    @Test func oneStatementReadsATableOnce() {
        let columns = [
            Column(name: "a", typeText: "INT"), .text("b"), Column(name: "a", typeText: "MAP<STRING, INT>"),
        ]
        let statement = TableSummary.statement(of: "`t`", columns)
        #expect(statement.hasPrefix("SELECT count(*), count(c0), approx_count_distinct(c0), CAST(min(c0) AS STRING)"))
        #expect(
            statement.contains("approx_percentile(c0, array(0.0, 0.025, ")
                && !statement.contains("approx_percentile(c1"))
        #expect(statement.hasSuffix(", count(c2) FROM (SELECT * FROM `t`) AS t(c0, c1, c2)"))
    }
}
