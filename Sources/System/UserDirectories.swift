import Glibc

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

    /// The user's home: `$HOME`, else what the system's user database says; `/` when neither knows one.
    package static func home(_ environment: [String: String]) -> String {
        if let home = environment["HOME"], !home.isEmpty { return home }
        // Copied at once: the next call of getpwuid(3) may overwrite it.
        guard let user = getpwuid(getuid()), let home = user.pointee.pw_dir, home.pointee != 0 else { return "/" }
        return String(cString: home)
    }

    private static func directory(
        _ variable: String, _ fallback: String, _ environment: [String: String], _ home: String
    ) -> String {
        let base = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/\(fallback)"
        return "\(base)/dbsh"
    }
}
