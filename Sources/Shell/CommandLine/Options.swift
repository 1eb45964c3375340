import Databricks
import Results
import Terminal

/// The options of dbsh itself, each written once: the parser, `--help`, the manual and the completions all use these.
enum Options {
    // MARK: Connection

    static let profile = Flag<String?>(
        "--profile", short: "-p", value: "NAME", "a profile of ~/.databrickscfg", from: .profiles)
    static let host = Flag<String?>(
        "--host", value: "URL", "the workspace's URL; one copied from the browser works")
    static let local = Flag("--local", "use the local workspace: Apache Spark on this machine")
    static let ephemeral = Flag("--ephemeral", "with --local: keep no data")
    static let cluster = Flag<ClusterReference?>("--cluster", value: "NAME|ID", "the cluster that runs code")
    static let serverless = Flag(
        "--serverless", "run code without a cluster: Python here, Spark on serverless compute (.help serverless)")
    static let warehouse = Flag<WarehouseReference?>("--warehouse", value: "NAME|ID", "the warehouse that runs SQL")
    static let catalog = Flag<String?>("--catalog", value: "NAME", "the initial catalog")
    static let schema = Flag<String?>("--schema", value: "NAME", "the initial schema")

    static let connection = OptionGroup(
        "Connection", [profile, host, local, ephemeral, cluster, serverless, warehouse, catalog, schema])

    // MARK: Running

    static let command = Flag<[ScriptStep]>(
        "--command", short: "-c", value: "TEXT", "run TEXT, then exit; repeatable"
    ) { .command($0 ?? "") }
    static let file = Flag<[ScriptStep]>(
        "--file", short: "-f", value: "FILE", "run a script, then exit (- is standard input); repeatable",
        from: .files
    ) { ScriptStep(path: $0 ?? "") }
    static let language = Flag<Language?>(
        "--language", short: "-l", value: "NAME", "initial language: sql (the default), python, scala or r")
    static let parameter = Flag<[[StatementRequest.Parameter]]>(
        "--param", short: "-P", value: "NAME[:TYPE]=VALUE", "a parameter :NAME of SQL statements; repeatable"
    ) { [try .read(word: $0, "-P")] }
    static let parameterFile = Flag<[[StatementRequest.Parameter]]>(
        "--param-file", value: "FILE.json", "parameters from a JSON object of names and values", from: .files
    ) { try Parameters.read(file: $0 ?? "") }
    static let readOnly = Flag("--read-only", "change nothing in the workspace (.help readonly)")
    static let onError = Flag<Settings.OnError?>(
        "--on-error", value: "stop|continue", "what a script does when a cell fails (default stop)")
    static let strict = Flag("--strict", "a result that the service cut short is a failure, exit code 1")
    static let resume = Flag(
        "--resume", "continue with the Python variables of a session that crashed")
    static let keptSession = Flag<String?>(
        "--session", value: "NAME",
        "go on with the session NAME, which outlives dbsh (dbsh help kept-sessions); else begin it")
    static let newIfLost = Flag(
        "--new-if-lost", "with --session: make anew what is lost of it, instead of failing")
    static let start = Flag("--start", "let scripts start a terminated cluster")
    static let yes = Flag("--yes", "install what --serverless and --local need without asking")
    static let timeout = Flag<Duration?>(
        "--timeout", value: "TIME", "cancel a cell that takes longer, such as 30s, 10m or 1h30m; exit code 124")
    static let deadline = Flag<Duration?>(
        "--deadline", value: "TIME", "the same for a script as a whole, from the start of dbsh")
    static let retries = Flag<Int?>(
        "--retry-cell", value: "N", within: 0...20,
        "send a statement that only reads up to N times more when it fails for a reason that may pass")
    static let tag = Flag<[QueryTag]>(
        "--tag", value: "KEY[=VALUE]", "a query tag for statements on a warehouse (.help tag); repeatable")
    static let report = Flag<ReportTarget?>(
        "--report", value: "FILE|FD", "write one JSON line for each cell as it ends (dbsh help reports)")

    static let running = OptionGroup(
        "Running",
        [
            command, file, language, parameter, parameterFile, readOnly, onError, strict, resume, keptSession,
            newIfLost, start, yes,
            timeout, deadline, retries, tag, report,
        ])

    // MARK: Results

    static let mode = Flag<ModeName?>(
        "--mode", short: "-m", value: "NAME",
        "the format of results: \(ModeName.all.joined(separator: ", ")); --json is short for --mode json, and so on")
    /// `--csv` is `--mode csv`.
    static let formats = Format.allCases.map {
        Flag<ModeName?>("--\($0.rawValue)", means: ModeName(format: $0), $0.note, isHidden: true)
    }
    static let output = Flag<FilePath?>(
        "--output", short: "-o", value: "FILE",
        "write results to FILE; its ending sets the format, .gz and .zst compress")
    static let maxRows = Flag<Int?>(
        "--max-rows", value: "N", within: 1...1_000_000_000, "cut every result after N rows, and say so on stderr")
    static let serviceCSV = Flag(
        "--service-csv", "with -o: the service's own CSV, unchanged; NULL becomes the word null")

    static let results = OptionGroup("Results", [mode] + formats + [output, maxRows, serviceCSV])

    // MARK: General

    static let noRC = Flag("--no-rc", short: "-X", "do not run rc.dbsh")
    static let quiet = Flag("--quiet", short: "-q", "no greeting, footers or notices")
    static let timing = Flag("--timing", "show how long each cell took")
    static let debug = Flag("--debug", "show every request on stderr, without secrets")
    static let errors = Flag<ErrorFormat?>(
        "--errors", value: "text|json", "how errors and messages are written to stderr (default text)")
    static let color = Flag<ColorChoice?>("--color", value: "auto|always|never", "colours (default auto)")
    static let version = Flag("--version", "print the version")
    static let specification = Flag(
        "--spec", "print every option, command, format and exit code as JSON")
    static let help = Flag("--help", short: "-h", "print this help")
    static let generate = Flag<Generated?>(
        "--generate", value: "man|bash|zsh|fish", "write the manual or a shell's completions", isHidden: true)
    /// For scripts/dbsh, which sets the engine up when it is needed.
    static let needsEngine = Flag<Bool>(
        "--needs-engine", means: true, "say by the exit code whether these arguments need the local engine",
        isHidden: true)

    static let general = OptionGroup(
        "General", [noRC, quiet, timing, debug, errors, color, version, specification, help, generate])

    /// Those of every subcommand that makes sessions.
    static let session: [any AnyFlag] =
        connection.flags + [
            language, parameter, parameterFile, readOnly, onError, strict, start, yes, timeout, deadline, retries,
            mode, maxRows, tag,
        ] + formats + [noRC, quiet, timing, debug, errors, color]
}

/// One thing to run, in the order given.
enum ScriptStep: ArgumentValue, Equatable {
    case command(String)
    case file(String)
    case standardInput

    /// `-` is standard input.
    init(path: String) { self = path == "-" ? .standardInput : .file(path) }

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> ScriptStep {
        ScriptStep(path: try String.read(&words, label))
    }
    static var candidates: CandidateSource { .files }
}
