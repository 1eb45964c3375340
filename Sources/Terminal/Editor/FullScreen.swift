import CEdit
import Glibc
import System

/// A key that a view of the whole window knows.
package enum ScreenKey: Sendable, Equatable {
    case up, down, left, right, pageUp, pageDown, home, end, enter, escape, tab, backspace, browse
    /// Ctrl-C, or a key that means the same.
    case interrupt
    case character(Character)
    /// A letter typed with Ctrl.
    case control(Character)
}

/// The whole window, on the terminal's alternate screen (xterm's mode 1049) until `leave`, which gives it back as it was.
@MainActor
package final class FullScreen {
    /// What a view waits for.
    package enum Event: Sendable, Equatable {
        case key(ScreenKey)
        case resized
        /// Somebody called `wake`.
        case woken
        /// The terminal is gone, or the process is asked to end.
        case terminated
    }

    private enum Signal: Sendable {
        case input([UInt8])
        case loneEscape(Int)
        case suspend, continued
        case event(Event)
    }

    private let output: Int32
    private let tty: OpaquePointer
    private let reader: DescriptorReader
    private let interrupts: Interrupts
    private var receiver = 0
    private let signals: AsyncStream<Signal>
    private let post: AsyncStream<Signal>.Continuation
    private var reading: Task<Void, Never>?
    private var keys = KeyDecoder()
    private var keyCount = 0
    private var painter = Painter()
    /// Columns and rows of the window.
    package private(set) var size: TerminalSize

    private static let enter = "\u{1B}[?1049h\u{1B}[H\u{1B}[2J"
    private static let leaving = "\u{1B}[H\u{1B}[2J\u{1B}[?1049l"
    /// An ESC that nothing follows for so long is the key.
    private static let escapeDelay = Duration.milliseconds(40)

    /// - Parameter typed: bytes that were read from the terminal before, and are for this screen.
    /// - Returns: nil when `input` is no terminal.
    package init?(input: Int32, output: Int32, typed: [UInt8] = [], interrupts: Interrupts = .shared) {
        guard let tty = cedit_tty_open(input, output) else { return nil }
        self.tty = tty
        (self.output, self.interrupts) = (output, interrupts)
        size = TerminalSize.window(of: output) ?? TerminalSize(rows: 24, columns: 80)
        reader = DescriptorReader(descriptor: input)
        (signals, post) = AsyncStream<Signal>.makeStream()
        keys.append(typed, droppingBeforeInterrupt: false)
        cedit_tty_full(tty, true)
        cedit_tty_raw(tty)
        writeAll(output, Self.enter)
        interrupts.start()
        interrupts.catchScreenSignals(true)
        let post = post
        receiver = interrupts.enter { event in
            switch event {
            case .resized: post.yield(.event(.resized))
            case .terminate: post.yield(.event(.terminated))
            case .interrupt: post.yield(.event(.key(.interrupt)))
            case .suspend: post.yield(.suspend)
            case .continued: post.yield(.continued)
            }
        }
        if interrupts.termination != nil { post.yield(.event(.terminated)) }
    }

    /// Gives the terminal back as it was.
    /// - Returns: what was typed and has not been asked for.
    package func leave() async -> [UInt8] {
        reading?.cancel()
        await reading?.value
        post.finish()
        for await signal in signals {
            if case .input(let bytes) = signal { keys.append(bytes, droppingBeforeInterrupt: false) }
        }
        interrupts.leave(receiver)
        interrupts.catchScreenSignals(false)
        writeAll(output, Self.leaving)
        cedit_tty_full(tty, false)
        cedit_tty_cooked(tty)
        cedit_tty_close(tty)
        return Array(keys.takeRest())
    }

    /// Makes `next` return `.woken`: something has come that the view waits for.
    package nonisolated func wake() { post.yield(.event(.woken)) }

    /// The next thing that happens.
    package func next() async -> Event {
        while true {
            if let event = takeKey() { return event }
            if keys.isWithinEscape { expectLoneEscape() }
            read()
            var iterator = signals.makeAsyncIterator()
            switch await iterator.next(isolation: #isolation) {
            case .input(let bytes):
                reading = nil
                if bytes.isEmpty { return .terminated }
                keyCount += 1
                keys.append(bytes, droppingBeforeInterrupt: false)
            case .loneEscape(let count):
                if count == keyCount, let key = keys.takeLoneEscape(), let known = Self.key(key) { return .key(known) }
            case .suspend: return suspend()
            // Whoever had the terminal meanwhile may have changed its mode, and has written on it.
            case .continued: return comeBack()
            case .event(.resized):
                measure()
                return .resized
            case .event(let event): return event
            case nil: return .terminated
            }
        }
    }

    private func measure() {
        size = TerminalSize.window(of: output) ?? size
        refresh()
    }

    /// Ctrl-Z: gives the terminal back, stops the process group, and comes back when it goes on.
    private func suspend() -> Event {
        writeAll(output, Self.leaving)
        cedit_tty_cooked(tty)
        ProcessGroup.stop()
        interrupts.catchScreenSignals(true)
        return comeBack()
    }

    private func comeBack() -> Event {
        cedit_tty_raw(tty)
        writeAll(output, Self.enter)
        measure()
        return .resized
    }

    /// Reads one chunk, and no more before it is used: what comes after the last key is somebody else's.
    private func read() {
        guard reading == nil else { return }
        let (reader, post) = (reader, post)
        reading = Task {
            let bytes = try? await reader.next()
            if !Task.isCancelled || bytes?.isEmpty == false { post.yield(.input(bytes ?? [])) }
        }
    }

    private func expectLoneEscape() {
        let (count, post) = (keyCount, post)
        Task {
            try? await Task.sleep(for: Self.escapeDelay)
            post.yield(.loneEscape(count))
        }
    }

    private func takeKey() -> Event? {
        while let key = keys.next() {
            if key == .suspend { return suspend() }
            if let known = Self.key(key) { return .key(known) }
        }
        return nil
    }

    private static func key(_ key: KeyDecoder.Key) -> ScreenKey? {
        switch key {
        case .interrupt: return .interrupt
        case .suspend, .cursorReport: return nil
        case .scalar(let scalar):
            if let known = PrivateKey(rawValue: UInt8(exactly: scalar.value) ?? 0) { return Self.key(known) }
            switch scalar.value {
            case 0x09: return .tab
            case 0x0A, 0x0D: return .enter
            case 0x1B: return .escape
            case 0x08, 0x7F: return .backspace
            case 0x01..<0x20: return .control(Character(Unicode.Scalar(UInt8(scalar.value) + 0x60)))
            default: return scalar.value < 0x20 ? nil : .character(Character(scalar))
            }
        }
    }

    private static func key(_ key: PrivateKey) -> ScreenKey? {
        switch key {
        case .up: .up
        case .down: .down
        case .left, .wordLeft: .left
        case .right, .wordRight: .right
        case .home: .home
        case .end: .end
        case .pageUp: .pageUp
        case .pageDown: .pageDown
        case .browse: .browse
        case .paste, .backTab, .delete, .newline: nil
        }
    }

    // MARK: Drawing

    /// Shows the rows, each cut at the window's edge; what is missing is blank.
    /// - Parameter cursor: where the terminal's cursor stands, counted from 0.
    package func show(_ rows: [[StyledText]], cursor: (row: Int, column: Int)) {
        var frame = Frame(rows: [], cursorRow: 0, cursorColumn: 0)
        for index in 0..<size.rows {
            var builder = FrameBuilder(width: size.columns, policy: .scalars)
            if index < rows.count { builder.put(rows[index]) }
            frame.rows.append(builder.finish().rows[0])
        }
        frame.cursorRow = min(max(0, cursor.row), size.rows - 1)
        frame.cursorColumn = min(max(0, cursor.column), size.columns - 1)
        writeAll(output, painter.paint(frame, height: size.rows))
    }

    /// Others have written on the screen: the next picture is drawn on an empty one.
    package func refresh() {
        painter.forget()
        writeAll(output, "\u{1B}[H\u{1B}[2J")
    }

    /// Sends a sequence that shows nothing.
    package func send(_ sequence: String) { writeAll(output, sequence) }
}
