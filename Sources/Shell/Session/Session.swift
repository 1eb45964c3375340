import Databricks
import Results
import Terminal

/// The state of one run of dbsh: the workspace, the console, the settings. Commands get it and act on its parts; it has
/// hardly any logic of its own.
final class Session {
    let environment: ShellEnvironment
    let console: Console
    let interrupts: Interrupts
    let workspace: Workspace
    let commands: any CommandSet
    var settings = Settings()
    /// The language of plain cells.
    var language = Language.sql
    /// What has run, and its outcome.
    let log = SessionLog()
    /// What the last notebook that was run asks of the Python it runs in, for `.status` and `.save`.
    var notebookEnvironment: NotebookEnvironment?
    /// Parameters that SQL statements are sent with.
    var parameters = Parameters()
    /// Is notified of the cells of scripts.
    weak var observer: (any ScriptObserver)?
    /// Where relative paths begin outside scripts, set by `.cd`; nil is the directory dbsh was started in.
    var directory: String?
    /// Whether a person is at the prompt.
    var isInteractive = false
    /// Whether a terminated cluster may be started without asking (`--start`).
    var startsStopped = false
    /// Set by `.quit`: the loop that runs cells ends after the current one.
    var wantsToQuit = false
    /// The scripts being read, outermost first, to refuse cycles and to find files beside a script.
    var scripts: [String] = []
    /// Asks at the terminal; nil when nobody can be asked.
    var ask: ((_ question: String) async -> String?)?
    /// Asks at the terminal without echo.
    var askSecret: ((_ question: String) async -> Secret?)?

    init(
        environment: ShellEnvironment, console: Console, interrupts: Interrupts, workspace: Workspace,
        commands: any CommandSet
    ) {
        self.environment = environment
        self.console = console
        self.interrupts = interrupts
        self.workspace = workspace
        self.commands = commands
        console.log = log
        last.log = log
    }

    /// The id of the statement or command that runs in the foreground, as soon as the service has returned it.
    var remoteID: String? {
        get { foregroundID }
        // Abandoned work (a second Ctrl-C) is not in the foreground.
        set { if !Attachment.isDetached { foregroundID = newValue } }
    }
    private var foregroundID: String?

    /// The report of an error in this session.
    func report(_ error: any Error) -> Report { Report(error, host: workspace.host, remoteID: remoteID) }

    /// What runs in the background.
    lazy var jobs = Jobs(console: console)

    /// The tutorial, while it is on.
    var tutorial: Tutorial?

    /// Ctrl-C was pressed, and remote work is being cancelled. The terminal has echoed `^C` at the cursor.
    func sayCancelling() {
        guard isInteractive || environment.errorIsTerminal else { return }
        console.say("cancelling \(remoteID ?? "") … (Ctrl-C again stops waiting for it)".replacing("  ", with: " "))
    }

    /// The last result, for `.last` and `.export`.
    let last = LastResult()

    var presenter: ResultPresenter { ResultPresenter(console: console, settings: settings, last: last) }

    /// A path as typed, beside the script that is being read when it is relative.
    func resolve(_ path: String) -> String {
        guard !Self.isAnchored(path), let script = scripts.last else { return place(path) }
        guard let slash = script.lastIndex(of: "/") else { return path }
        return script[...slash] + path
    }

    /// A path as typed, for what is written: relative to the current directory, also in a script.
    func place(_ path: String) -> String {
        if path == "~" || path.hasPrefix("~/") { return environment.home + path.dropFirst() }
        guard !Self.isAnchored(path), let directory else { return path }
        return directory + "/" + path
    }

    private static func isAnchored(_ path: String) -> Bool {
        path.hasPrefix("/") || path == "~" || path.hasPrefix("~/")
    }
}
