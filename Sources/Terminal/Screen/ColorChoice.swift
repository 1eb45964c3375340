import Glibc

/// Whether output is coloured: the values of `--color`.
package enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never

    /// The decision for one descriptor. `auto` means on a terminal that is not `dumb`, unless `NO_COLOR` is set and not empty
    /// (no-color.org).
    package func isEnabled(for descriptor: Int32, environment: [String: String]) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            (environment["NO_COLOR"] ?? "").isEmpty && TerminalType.canMoveCursor(environment["TERM"])
                && isatty(descriptor) == 1
        }
    }
}
