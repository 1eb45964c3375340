import Glibc
import System
import Text

/// One line at the bottom that says what is being waited for. It comes late (after 300 ms), is redrawn at most ten times a
/// second, and leaves nothing behind. On anything but a terminal it does not exist.
package final class StatusLine: Sendable {
    private struct State {
        var text: (@Sendable (Duration) -> String)?
        /// Whose text it is, so that the ticker of an outer call waits until the inner one is done.
        var owner = 0
        var calls = 0
        var shown = ""
    }

    private let state = Locked(State())
    private let descriptor: Int32
    /// Whether there is a terminal to draw it on.
    package let isEnabled: Bool
    private let clock: any Clock<Duration>
    private let columns: @Sendable () -> Int

    /// How long a wait may last before the line appears, and how often it changes.
    package static let delay = Duration.milliseconds(300)
    package static let interval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - descriptor: where the line is drawn.
    ///   - isEnabled: nil means: when `descriptor` is a terminal that can erase a line.
    ///   - columns: the width to keep within; nil means: what the terminal says at each drawing.
    package init(
        descriptor: Int32 = STDERR_FILENO, isEnabled: Bool? = nil, columns: Int? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.descriptor = descriptor
        self.clock = clock
        self.isEnabled =
            isEnabled
            ?? (isatty(descriptor) == 1 && TerminalType.canMoveCursor(environmentVariable("TERM")))
        self.columns = { columns ?? TerminalSize.window(of: descriptor)?.columns ?? 80 }
    }

    /// Shows `text`, given the time elapsed, while `body` runs. Within another call, it takes that one's place until it is done.
    package func showing<T>(
        _ text: @escaping @Sendable (_ elapsed: Duration) -> String, while body: () async throws -> T
    ) async rethrows -> T {
        guard isEnabled else { return try await body() }
        let place = take(text)
        let ticker = startTicking(place.owner)
        defer {
            ticker.cancel()
            giveBack(place)
        }
        return try await body()
    }

    /// Shows nothing while `body` has the terminal, e.g. for a question.
    package func hidden<T>(while body: () async throws -> T) async rethrows -> T {
        guard isEnabled else { return try await body() }
        let place = take(nil)
        defer { giveBack(place) }
        return try await body()
    }

    /// The line as it was before a call has taken it, and the number of that call.
    private struct Place {
        let outerText: (@Sendable (Duration) -> String)?
        let outerOwner: Int
        let owner: Int
    }

    private func take(_ text: (@Sendable (Duration) -> String)?) -> Place {
        state.withLock { state in
            if text == nil { erase(&state) }
            state.calls += 1
            defer {
                state.text = text
                state.owner = state.calls
            }
            return Place(outerText: state.text, outerOwner: state.owner, owner: state.calls)
        }
    }

    private func giveBack(_ place: Place) {
        state.withLock { state in
            // Left to itself (`abandon`), it has no place to give back.
            guard state.owner == place.owner else { return }
            state.text = place.outerText
            state.owner = place.outerOwner
            erase(&state)
        }
    }

    /// Changes what is shown, within `showing`.
    package func update(_ text: @escaping @Sendable (_ elapsed: Duration) -> String) {
        guard !Attachment.isDetached else { return }
        state.withLock { if $0.text != nil { $0.text = text } }
    }

    /// The bodies of `showing` that still run are no longer waited for: the line is erased, and they draw none again.
    package func abandon() {
        state.withLock { state in
            state.calls += 1
            state.owner = state.calls
            state.text = nil
            erase(&state)
        }
    }

    /// Runs `body`, which writes whole lines to the same terminal, with the line out of the way.
    package func outOfTheWay<T>(_ body: () throws -> T) rethrows -> T {
        guard isEnabled else { return try body() }
        return try state.withLock { state in
            erase(&state)
            return try body()
        }
    }

    private func startTicking(_ owner: Int) -> Task<Void, Never> {
        let clock = clock
        let elapsed = clock.stopwatch()
        return Task.detached {
            var pause = Self.delay
            while (try? await clock.sleep(for: pause)) != nil, !Task.isCancelled {
                self.draw(elapsed: elapsed(), owner)
                pause = Self.interval
            }
        }
    }

    private func draw(elapsed: Duration, _ owner: Int) {
        state.withLock { state in
            // Cancelled in mid-draw is too late, and an outer ticker's time has not come.
            guard !Task.isCancelled, owner == state.owner, let text = state.text else { return }
            // The last column is left free: a full row would wrap.
            let line = Self.cut(Sanitizer.oneLine(text(elapsed)), to: columns() - 1)
            guard line != state.shown else { return }
            writeAll(descriptor, "\r" + line + "\u{1B}[K")
            state.shown = line
        }
    }

    private func erase(_ state: inout State) {
        guard !state.shown.isEmpty else { return }
        writeAll(descriptor, "\r\u{1B}[K")
        state.shown = ""
    }

    private static func cut(_ line: String, to columns: Int) -> String {
        if DisplayWidth.of(line) <= columns { return line }
        var result = ""
        var width = 0
        for character in line {
            width += DisplayWidth.of(String(character))
            if width > columns - 1 { break }
            result.append(character)
        }
        return columns > 0 ? result + "…" : ""
    }
}

extension Clock where Duration == Swift.Duration {
    /// Gives the time since now, whatever the clock's instants are.
    fileprivate func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: now) }
    }
}
