import Databricks
import Glibc
import Results
import SQL
import System
import Terminal
import Text

extension Report {
    /// Words any error for a person: what happened, to what, and what to type next. Everything thrown in dbsh comes here.
    /// - Parameters:
    ///   - host: the workspace's host, when there is a connection.
    ///   - remoteID: the id of the statement or command that was running.
    init(_ error: any Error, host: String? = nil, remoteID: String? = nil) {
        switch error {
        case let error as UsageError:
            self.init(error.message, hint: error.hint, exitCode: .usage)
        case let error as ScriptFailed:
            self.init("\(error.path) failed", exitCode: error.exitCode)
            wasShown = true
        case let error as ExpectationFailed:
            self.init(error.message, detail: error.detail)
            detailHasColors = true  // it may be the traceback of the failed cell
        case let error as RequestRefused: self.init(refused: error)
        case let error as CutResult: self.init(error.message, hint: error.advice)
        case let error as CommandEnded:
            let name = error.command.map { "the command \($0)" } ?? "the command"
            self.init("\(name) ended with status \(error.status.exitStatus)")
        case let error as StatementError: self.init(statement: error)
        case let error as CommandError: self.init(command: error)
        case let error as ContextLost:
            self.init(
                error.description,
                hint: "its variables are lost, and nothing was run again; "
                    + "the next cell makes a new context, .rerun N repeats cell N")
        case let error as KeptSessionLost:
            self.init(
                "session \(error.name): \(error.loss)",
                hint: "nothing was run; --new-if-lost goes on without its variables, "
                    + ".session forget \(error.name) forgets it")
        case let error as ContextRefused:
            self.init(
                error.description,
                hint: ".cluster NAME --connect uses a cluster without one: Python on this machine, Spark there")
        case let error as StatementSessionLost:
            self.init(
                "the SQL session is lost, and the statement was not run: \(error.message)",
                hint: "temporary views and settings are gone; the next statement opens a new session")
        case let error as QueryTagsRefused:
            self.init(
                "the workspace takes no query tags: \(error.message)",
                hint:
                    "they are a preview; .tag off sends statements without them, or leave out --tag and dbsh_query_tags"
            )
        case let error as WarehouseStopped:
            self.init(
                "only SQL can answer this, and warehouse \(error.name) is stopped",
                hint: ".warehouse start starts it; with dbsh --start it starts when it is needed")
        case let error as APIError: self.init(api: error, host: host ?? "the workspace")
        case let error as TransportError: self.init(transport: error)
        case let error as PlainHTTPRefused:
            self.init(error.description, hint: "use https://; in a lab DBSH_ALLOW_HTTP=1 allows it", exitCode: .usage)
        case let error as SubmissionLost: self.init(lost: error)
        case let error as ProfileError: self.init(error.description, exitCode: .usage)
        case let error as InvalidHost: self.init(error.description, exitCode: .usage)
        case CredentialError.signInFailed(let type, let message, let advice):
            let parts = Self.parts(of: message)
            self.init(
                "cannot sign in (\(type)): \(parts.headline)", detail: parts.detail, hint: advice,
                exitCode: .unreachable)
        case CredentialError.notSignedIn(let host, _, _):
            self.init(
                "\(error)",
                hint:
                    "dbsh login \(HostURL.typed(host)) signs in with the browser; .connect asks for a token; --profile names a "
                    + "profile", exitCode: .usage)
        case let error as UnreadableLogins:
            self.init(error.description, hint: "mend or remove it, and sign in again", exitCode: .usage)
        case let error as CredentialError:
            self.init(
                error.description,
                hint: "dbsh --local needs none of this: it opens a workspace on this machine",
                exitCode: .usage)
        case let error as LocalWorkspaceNotStarted:
            self.init(error.message, hint: error.hint, exitCode: .unreachable)
        case let error as FileError where error.action == "write":
            self.init(write: WriteError(path: error.path, reason: .code(error.code)))
        case let error as FileError:
            self.init(
                "cannot \(error.action) \(error.path): \(String(cString: strerror(error.code)))", exitCode: .usage)
        case let error as DescriptorReader.ReadError:
            self.init("cannot read the script: \(String(cString: strerror(error.code)))", exitCode: .usage)
        case let error as WriteError: self.init(write: error)
        case let error as SpillError:
            self.init(error.description, hint: "set TMPDIR to a directory with room, or write csv, which needs none")
        case let error as SystemCommand.StartError:
            self.init(
                "cannot start \(error.program): \(String(cString: strerror(error.code)))",
                hint: error.code == ENOENT ? "install it (Debian: apt-get install \(error.program))" : nil)
        case let error as ResultError: self.init(result: error)
        case let error as NoSuchFile:
            self.init("there is no \(error.path.text)", hint: ".ls \(error.path.parent.text) lists what is there")
        case let error as FileExists:
            self.init("\(error.path) is there already", hint: "--overwrite replaces it", exitCode: .usage)
        case let error as RowsRejected:
            self.init(error.message, detail: error.lines.isEmpty ? nil : error.lines.joined(separator: "\n"))
        case let error as NotUTF8:
            self.init(
                "the file is not UTF-8 (line \(error.line))",
                hint: "--encoding \(error.guess), or what else it is in", exitCode: .usage)
        case let error as NotInVolume:
            self.init(
                "\(error.path.text) is in no volume", hint: "files are in /Volumes/CATALOG/SCHEMA/VOLUME/…",
                exitCode: .usage)
        case let error as OutputError:
            self.init(output: error)
            wasShown = error.isBrokenPipe
        case let error as StateChangeFailed<Cluster> where error.isLate:
            self.init(
                "cluster \(error.resource.name) is still \(error.resource.state)", detail: error.resource.stateMessage,
                hint: ".cluster get shows it, .events what happened to it")
        case let error as StateChangeFailed<Cluster>:
            self.init(
                "cluster \(error.resource.name) is \(error.resource.state)",
                detail: error.resource.termination ?? error.resource.stateMessage,
                hint: ".cluster get shows it whole, .cluster start tries again")
        case let error as StateChangeFailed<Warehouse> where error.isLate:
            self.init(
                "warehouse \(error.resource.name) is still \(error.resource.state)",
                hint: ".warehouse get shows it")
        case let error as StateChangeFailed<Warehouse>:
            self.init(
                "warehouse \(error.resource.name) is \(error.resource.state)", detail: error.resource.healthSummary,
                hint: ".warehouse start tries again")
        case RawRequestError.target(let text, let why):
            self.init(
                "“\(text)” is no path or URL: \(why)", hint: "for example /2.0/clusters/list", exitCode: .usage)
        case let error as ContextFailed:
            self.init(
                error.description,
                hint: error.reason == nil ? "the cluster may be full of contexts (145 at most) or unhealthy" : nil)
        case let error as RunCancelled where error.isConfirmed:
            self.init("cancelled", exitCode: .interrupted)
        case let error as RunCancelled:
            self.init(
                "stopped waiting; the workspace has not confirmed the cancel",
                hint: error.id.map { "\($0) may still be running" } ?? "it may still be running", exitCode: .interrupted
            )
        case is Detached:
            self.init(
                "left before the cancel was confirmed",
                hint: "\(remoteID ?? "the remote work") may still be running",
                exitCode: .interrupted)
        case is CancellationError:
            self.init("cancelled", exitCode: .interrupted)
        case let error as TimeLimitPassed: self.init(late: error)
        default:
            self.init("\(error)")
        }
        codes = ErrorCodes.of(error)
        sqlState = ErrorCodes.sqlState(of: error)
    }

    private init(late error: TimeLimitPassed) {
        self.init(error.message, exitCode: .timedOut)
        guard let cancelled = error.cancelled else { return }
        let what = cancelled.id ?? "the remote work"
        if cancelled.isConfirmed {
            detail = "  cancelled \(what)"
        } else {
            hint = "the workspace has not confirmed the cancel: \(what) may still be running"
        }
    }

    private init(refused error: RequestRefused) {
        let why =
            switch error.reason {
            case .sql(.writes(let how)): "\(how) writes"
            case .sql(.reachesOutside(let what)): "\(what) can do anything"
            case .sql(.unclear(let why)): "dbsh cannot tell that this only reads: \(why)"
            case .sql: "this may write"
            case .code: "code on a cluster can write"
            case .starts(let what): "\(what) is stopped and would have to be started"
            case .changes(let how): "\(how) changes the workspace"
            }
        let isStart = if case .starts = error.reason { true } else { false }
        let hint =
            switch error.source {
            case .commandLine where isStart: "dbsh --read-only --start may start it"
            case .commandLine: "dbsh without --read-only allows writing"
            case .command where isStart, .profile where isStart: "dbsh --start may start it, and so may .readonly off"
            case .command: ".readonly off allows writing"
            case .profile: "the profile says dbsh_read_only; .readonly off allows writing in this session"
            }
        self.init("the session is read-only, and \(why)", hint: hint)
    }

    /// A result that could not be written, e.g. to a full disk.
    init(output error: OutputError) {
        self.init("cannot write the result: \(String(cString: strerror(error.code)))")
    }
}
