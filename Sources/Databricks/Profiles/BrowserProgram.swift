import Glibc
import System

/// The browser of this machine: what `$BROWSER` names, else `xdg-open` where there is a screen.
package struct BrowserProgram: Sendable {
    private let environment: [String: String]

    package init(_ environment: [String: String]) { self.environment = environment }

    /// Starts it; it outlives dbsh. That there is none is no reason to fail: the address can be opened by hand.
    /// - Parameter failed: called on any thread when none could be started, or it ended with an error.
    package func open(_ url: String, failed: @escaping @Sendable () -> Void) {
        let nothing = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        for words in commands {
            let hasPlace = words.contains { $0.contains("%s") }
            var command = SystemCommand(words.map { $0.replacing("%s", with: url) } + (hasPlace ? [] : [url]))
            command.environment = ProgramSearch(environment: environment).withoutSecrets
            command.isApart = true
            (command.input, command.output, command.errors) = (nothing, nothing, nothing)
            guard let pid = try? command.start() else { continue }
            // Reaped whenever it ends; a browser that was started by this may run for days.
            Task.detached { if await ExitStatus.of(pid).exitStatus != 0 { failed() } }
            return
        }
        failed()
    }

    /// `$BROWSER` lists commands, separated by colons, tried in turn; `%s` stands for the address (xdg-open(1)). Without a screen xdg-open
    /// would take the terminal for a browser of text.
    private var commands: [[String]] {
        if let browser = environment["BROWSER"], !browser.isEmpty {
            return browser.split(separator: ":").map { $0.split(separator: " ").map(String.init) }
        }
        let hasScreen = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].contains { environment[$0]?.isEmpty == false }
        return hasScreen ? [["xdg-open"]] : []
    }
}
