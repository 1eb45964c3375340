import Databricks
import Glibc
import Support
import Terminal
import Testing

@testable import Shell

/// A result that the service has cut is never shown in silence.
@MainActor @Suite struct CutResultTests {
    @Test(arguments: [true, false]) func itIsSaidAlwaysAndLogged(_ isStrict: Bool) throws {
        let said = try TemporaryFile("")
        let descriptor = open(said.path, O_WRONLY)
        defer { close(descriptor) }
        var environment = ShellEnvironment(variables: [:], home: "/")
        environment.standardError = descriptor
        let console = Console(environment: environment, color: .never)
        let log = SessionLog()
        console.log = log
        let number = log.begin(Cell(.code(.python, "x"), start: .init(line: 1, column: 1)), language: .python)
        var settings = Settings()
        settings.isQuiet = true
        settings.isStrict = isStrict
        let presenter = ResultPresenter(console: console, settings: settings, last: nil)
        let cut = CutResult(kind: .command, rows: 10_000)
        if isStrict {
            #expect(throws: CutResult.self) { try presenter.footer(nil, cut: cut, .init()) }
            #expect(Report(cut).text(color: false).contains("cut short after 10,000 rows"))
        } else {
            try presenter.footer(nil, cut: cut, .init())
            let file = try #require(fopen(said.path, "r"))
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 400)
            _ = fgets(&line, 400, file)
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            #expect(text.contains("cut short after 10,000 rows: "))
        }
        let outputs = try #require(log.entry(number)).outputs
        guard case .remark(let remark)? = outputs.first else {
            Issue.record("nothing is in the log")
            return
        }
        #expect(remark.contains("cut short"))
        #expect(HTMLPage().text(of: log.entries).contains("cut short"))
        #expect(JupyterWriter().text(of: log.entries).contains("cut short"))
    }
}
