import Glibc

/// What `$TERM` says about a terminal.
enum TerminalType {
    /// Whether the cursor can be moved and lines erased: not on `dumb`, nor without a type.
    static func canMoveCursor(_ type: String?) -> Bool { !["", "dumb"].contains(type ?? "") }
}

/// getenv(3). The shell never changes its own environment, so there is nothing to race with.
func environmentVariable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}
