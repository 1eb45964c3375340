/// Where a user's files belong (XDG Base Directory Specification 0.8: a relative path in a variable is ignored).
package enum UserDirectories {
    /// `$XDG_CONFIG_HOME/dbsh`
    package static func configuration(_ environment: [String: String], home: String) -> String {
        directory("XDG_CONFIG_HOME", ".config", environment, home)
    }

    /// `$XDG_STATE_HOME/dbsh`
    package static func state(_ environment: [String: String], home: String) -> String {
        directory("XDG_STATE_HOME", ".local/state", environment, home)
    }

    /// `$XDG_DATA_HOME/dbsh`
    package static func data(_ environment: [String: String], home: String) -> String {
        directory("XDG_DATA_HOME", ".local/share", environment, home)
    }

    /// `$XDG_CACHE_HOME/dbsh`
    package static func cache(_ environment: [String: String], home: String) -> String {
        directory("XDG_CACHE_HOME", ".cache", environment, home)
    }

    private static func directory(
        _ variable: String, _ fallback: String, _ environment: [String: String], _ home: String
    ) -> String {
        let base = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/\(fallback)"
        return "\(base)/dbsh"
    }
}
