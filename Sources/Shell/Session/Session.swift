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
    /// How long cells and the script may take.
    var limits = TimeLimits()
    /// The session outlives this dbsh (`--session`).
    var kept: KeptSession?
    /// Writes a line for each cell that ends (`--report`).
    var reports: CellReports?
    /// The language of plain cells.
    var language = Language.sql
    /// What has run, and its outcome.
    let log = SessionLog()
    /// What the last notebook that was run asks of the Python it runs in, for `.status` and `.save`.
    var notebookEnvironment: NotebookEnvironment?
    /// The cell that ran last has ended its notebook (`dbutils.notebook.exit`).
    var notebookHasEnded = false
    /// Parameters that SQL statements are sent with.
    var parameters = Parameters()
    /// Is notified of the cells of scripts.
    weak var observer: (any ScriptObserver)?
    /// The `.if` blocks that are open.
    var conditions = Conditions()
    /// The language that plain cells are read in: where they are passed over, what stands there counts.
    var readingLanguage: Language { conditions.language ?? language }
    /// Resolves paths as they are typed.
    var paths: Paths
    /// Whether a person is at the prompt.
    var isInteractive = false
    /// Set by `.quit`: the loop that runs cells ends after the current one.
    var wantsToQuit = false
    /// Asks the user; nil when nobody can be asked.
    var prompter: Prompter?
    /// What was typed and belongs to nobody yet; nil without a terminal.
    var typeAhead: TypeAhead?

    init(
        environment: ShellEnvironment, console: Console, interrupts: Interrupts, workspace: Workspace,
        commands: any CommandSet
    ) {
        self.environment = environment
        self.console = console
        self.interrupts = interrupts
        self.workspace = workspace
        self.commands = commands
        paths = Paths(home: environment.home)
        console.log = log
        last.log = log
    }

    /// The id of the statement or command that runs in the foreground, as soon as the service has returned it.
    var remoteID: String? {
        get { foregroundID }
        // Abandoned work (a second Ctrl-C) is not in the foreground.
        set {
            guard !Attachment.isDetached else { return }
            foregroundID = newValue
            if let newValue { lastID = newValue }
        }
    }
    private var foregroundID: String?
    /// The id of the last statement on a warehouse, for `.stats`.
    var lastStatementID: String?
    /// The id of the statement or command that ran last, whatever came of it.
    private(set) var lastID: String?

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
}

/// Keys that were read from the terminal behind those that made the running cell.
struct TypeAhead {
    /// For what reads keys itself.
    let take: () -> [UInt8]
    /// What it has not used, for the prompt.
    let keep: ([UInt8]) -> Void
}

/// Asks the user at the terminal. Both answer nil when the user cancels.
struct Prompter {
    let ask: (_ question: String) async -> String?
    /// Without echo.
    let askSecret: (_ question: String) async -> Secret?
}
