import Databricks
import Results
import Terminal

/// An option of the command line: its names, its help and what it does. `--help` and the parser both come from the list.
struct CommandLineOption {
    enum Effect {
        case set((inout Invocation) -> Void)
        case take(String, (inout Invocation, String) throws -> Void)
    }

    let short: String?
    let long: String
    let help: String
    let effect: Effect

    static func named(_ name: String) -> CommandLineOption? { all.first { $0.long == name || $0.short == name } }

    static let all: [CommandLineOption] = connection + running + results + general

    static let connection: [CommandLineOption] = [
        take("-p", "--profile", "NAME", "a profile of ~/.databrickscfg") { $0.profile = $1 },
        take(nil, "--host", "URL", "the workspace's host; a pasted browser URL works") { $0.host = $1 },
        set(nil, "--local", "the local workspace on this machine") { $0.isLocal = true },
        set(nil, "--ephemeral", "with --local: keep nothing afterwards") { $0.isEphemeral = true },
        take(nil, "--cluster", "X", "the cluster for code, by name or id") { $0.cluster = $1 },
        take(nil, "--warehouse", "X", "the warehouse for SQL, by name or id") { $0.warehouse = $1 },
        take(nil, "--catalog", "X", "the catalog where SQL starts") { $0.catalog = $1 },
        take(nil, "--schema", "X", "the schema where SQL starts") { $0.schema = $1 },
    ]

    static let running: [CommandLineOption] = [
        take("-c", "--command", "TEXT", "run these cells, then exit; repeatable") { $0.steps.append(.command($1)) },
        take("-f", "--file", "FILE", "run this script, then exit (- is standard input); repeatable") {
            $0.steps.append($1 == "-" ? .standardInput : .file($1))
        },
        take("-l", "--language", "NAME", "language of plain cells: sql (the default), python, scala, r") {
            guard let language = Language(name: $1) else {
                throw UsageError("--language is one of sql, python, scala, r, not “\($1)”")
            }
            $0.language = language
        },
        take("-P", "--param", "NAME[:TYPE]=VALUE", "a parameter :NAME of SQL statements; repeatable") {
            try $0.parameters.set(parameter($1))
        },
        take(nil, "--param-file", "FILE.json", "parameters from a JSON object of names and values") {
            for parameter in try Parameters.read(file: $1) { try $0.parameters.set(parameter) }
        },
        set(nil, "--read-only", "refuse statements that write, and all code on clusters") { $0.isReadOnly = true },
        take(nil, "--on-error", "stop|continue", "what a script does when a cell fails (default stop)") {
            switch $1 {
            case "stop": $0.continuesOnError = false
            case "continue": $0.continuesOnError = true
            default: throw UsageError("--on-error is stop or continue, not “\($1)”")
            }
        },
        set(nil, "--resume", "go on with the Python variables of the last session that did not end cleanly") {
            $0.resumes = true
        },
        set(nil, "--start", "start a terminated cluster when a script needs it") { $0.startsStopped = true },
    ]

    static let results: [CommandLineOption] =
        [
            take(
                "-m", "--mode", "NAME", "format of results: " + ModeName.all.joined(separator: ", ")
            ) {
                guard let mode = ModeName($1) else {
                    throw UsageError("--mode is one of \(ModeName.all.joined(separator: ", ")), not “\($1)”")
                }
                $0.mode = mode.format
                $0.choosesByWidth = mode.format == nil
            },
            take("-o", "--output", "FILE", "results go to FILE, in the format of its name; .gz and .zst compress") {
                $0.output = $1
            },
            set(nil, "--service-csv", "with -o: the service's own CSV, byte for byte; NULL in it is the word null") {
                $0.serviceCSV = true
            },
        ]
        + Format.allCases.map { format in
            set(nil, "--\(format.rawValue)", "short for --mode \(format.rawValue)") { $0.mode = format }
        }

    static let general: [CommandLineOption] = [
        set("-X", "--no-rc", "do not run rc.dbsh") { $0.skipsRC = true },
        set("-q", "--quiet", "no greeting, footers or notices") { $0.isQuiet = true },
        set(nil, "--timing", "say how long each cell took") { $0.showsTiming = true },
        set(nil, "--debug", "show every request on stderr, without secrets") { $0.isDebugging = true },
        take(nil, "--color", "auto|always|never", "colours (default auto)") {
            guard let choice = ColorChoice(rawValue: $1) else {
                throw UsageError("--color is one of auto, always, never, not “\($1)”")
            }
            $0.color = choice
        },
        set(nil, "--version", "say which dbsh this is") { $0.action = .version },
        set("-h", "--help", "say this") { $0.action = .help },
    ]

    private static func set(
        _ short: String?, _ long: String, _ help: String, _ effect: @escaping (inout Invocation) -> Void
    ) -> CommandLineOption { CommandLineOption(short: short, long: long, help: help, effect: .set(effect)) }

    private static func take(
        _ short: String?, _ long: String, _ label: String, _ help: String,
        _ effect: @escaping (inout Invocation, String) throws -> Void
    ) -> CommandLineOption { CommandLineOption(short: short, long: long, help: help, effect: .take(label, effect)) }

    /// `NAME[:TYPE]=VALUE`; a type is any SQL type that Databricks takes for a parameter, e.g. `DATE` or `DECIMAL(10,2)`.
    private static func parameter(_ text: String) throws -> StatementRequest.Parameter {
        guard let equals = text.firstIndex(of: "=") else {
            throw UsageError("-P \(text) has no =", hint: "write -P NAME=VALUE or -P NAME:TYPE=VALUE")
        }
        let name = text[..<equals].split(separator: ":", maxSplits: 1)
        guard let first = name.first else { throw UsageError("-P \(text) has no name") }
        return StatementRequest.Parameter(
            name: String(first), type: name.count > 1 ? name[1].uppercased() : nil,
            value: String(text[text.index(after: equals)...]))
    }
}
