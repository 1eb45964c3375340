import Databricks
import Glibc
import Terminal

/// One run of dbsh, from its command line to its exit code.
package struct Program {
    private let environment: ShellEnvironment
    private let startLocal: LocalEndpoint.Starter
    private let serveLocal: LocalEndpoint.Server
    private let describeEngine: LocalEndpoint.EngineDescription
    private let connect: ConnectService
    private let reader = CommandLineReader(shell: ShellProgram(), subcommands: Subcommands.all)

    /// - Parameters:
    ///   - startLocal: starts the local workspace, for `--local`.
    ///   - serveLocal: runs the local workspace alone, for `dbsh serve`.
    ///   - describeEngine: says which local engine is installed, for `dbsh doctor`.
    ///   - connect: Python on this machine, for serverless compute.
    package init(
        environment: ShellEnvironment, connect: ConnectService, startLocal: @escaping LocalEndpoint.Starter,
        serveLocal: @escaping LocalEndpoint.Server, describeEngine: @escaping LocalEndpoint.EngineDescription
    ) {
        self.connect = connect
        self.environment = environment
        self.startLocal = startLocal
        self.serveLocal = serveLocal
        self.describeEngine = describeEngine
    }

    /// Runs what the arguments (without the program's name) ask for and returns the exit code.
    package func run(_ arguments: [String]) async -> Int32 {
        if arguments.first == KeptPython.option {
            return await PythonKeeper(environment: environment, service: connect).run()
        }
        // What is wrong with the arguments themselves is told as they ask, too.
        let asksForJSON = (try? reader.value(of: Options.errors, in: arguments)) == .json
        var console = Console(environment: environment, color: .auto, errors: asksForJSON ? .json : .text)
        do {
            if arguments.first == CommandLineCompletion.option {
                let completion = CommandLineCompletion(reader: reader) {
                    ConfigurationFile.profileNames(environment.variables, home: environment.home)
                }
                try console.result(text: completion.lines(for: Array(arguments.dropFirst())).joined(separator: "\n"))
                return 0
            }
            let reading = try reader.read(arguments)
            let spec = reading.subcommand.spec
            if reading.words.has(Options.needsEngine) { return needsEngine(reading) ? 0 : 1 }
            if reading.words.has(Options.help) {
                let help = CommandLineHelp(subcommands: reader.subcommands)
                try Help.show(help.text(for: spec), on: console, environment)
                return 0
            }
            let call = try Call(spec, reading.words)
            if let color = call[Options.color] {
                console = Console(environment: environment, color: color, errors: console.errorFormat)
            }
            let context = ProgramContext(
                environment: environment, console: console, startLocal: startLocal, serveLocal: serveLocal,
                describeEngine: describeEngine, connect: connect)
            if needsEngine(reading) { try await EngineOffer(program: context).make(isAgreed: call[Options.yes]) }
            let code = try await reading.subcommand.run(call, in: context)
            return Interrupts.shared.termination?.exitStatus ?? code
        } catch {
            guard !Report.isBrokenPipe(error) else { return Report.ExitCode.cellFailed.rawValue }
            let report = Report(error)
            console.tell(report)
            return Interrupts.shared.termination?.exitStatus ?? report.exitCode.rawValue
        }
    }

    private func needsEngine(_ reading: CommandLineReader.Reading) -> Bool {
        let spec = reading.subcommand.spec
        let ends: [any AnyFlag] = [Options.help, Options.version, Options.specification, Options.generate]
        guard !ends.contains(where: reading.words.has), let call = try? Call(spec, reading.words) else { return false }
        let makesSessions = spec.flags.contains { $0.name == Options.local.name }
        return spec.isLocal || makesSessions && (try? SessionMaker.isLocal(call, environment)) == true
    }
}
