/// Resolves paths as they are typed: in scripts and at the prompt, with `~`.
struct Paths {
    let home: String
    /// Where relative paths begin outside scripts, set by `.cd`; nil is the directory dbsh was started in.
    var directory: String?
    /// The scripts being read, outermost first, to refuse cycles and to find files beside a script.
    var scripts: [String] = []

    init(home: String) { self.home = home }

    /// A path as typed; a relative one begins beside the script that is being read.
    func resolve(_ path: String) -> String {
        guard !Self.isAnchored(path), let script = scripts.last else { return place(path) }
        guard let slash = script.lastIndex(of: "/") else { return path }
        return script[...slash] + path
    }

    /// A path as typed, of a file that is about the session; a relative one begins at the current directory, also in a script.
    func place(_ path: String) -> String {
        if path == "~" || path.hasPrefix("~/") { return home + path.dropFirst() }
        guard !Self.isAnchored(path), let directory else { return path }
        return directory + "/" + path
    }

    private static func isAnchored(_ path: String) -> Bool {
        path.hasPrefix("/") || path == "~" || path.hasPrefix("~/")
    }
}

/// What dbsh reads and writes outside the directory it runs in.
extension Paths {
    static let known: [(path: String, meaning: String)] = [
        ("~/.databrickscfg", "profiles, shared with the Databricks CLI and SDKs"),
        ("~/.config/dbsh/rc.dbsh", "a script that runs at the start, unless -X is given"),
        ("~/.local/state/dbsh/", "the history, and what is needed to resume a session"),
        ("~/.local/share/dbsh/", "tables and files of the local workspace"),
        ("~/.cache/dbsh/", "the engine of the local workspace"),
        ("~/.editrc", "key bindings of the line editor; see editrc(5)"),
    ]

    static let whatMoves = "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME and XDG_CACHE_HOME move the second to fifth"
}
