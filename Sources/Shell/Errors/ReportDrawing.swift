import Text

/// A report as a person at a terminal sees it: what happened, the line with a mark under the place, what to type next, and at the
/// end, dimmed, what is the same for every error of the kind. Sentences are wrapped at words.
struct ReportDrawing {
    let report: Report
    let width: Int
    let color: Bool

    func text(location: String?) -> String {
        let message = SQLErrorMessage(report.headline + (report.detail.map { "\n" + $0 } ?? ""))
        var lines = headline(message?.headline ?? report.headline, location)
        lines += excerpt(isScript: location != nil)
        if let message {
            for sentence in message.rest { lines += paragraph(sentence) }
            if let sections = message.sections { lines.append(Sanitizer.text(sections)) }
        } else if let detail = report.detail, !detail.isEmpty {
            lines.append(report.detailHasColors ? Sanitizer.traceback(detail, color: color) : Sanitizer.text(detail))
        }
        if let hint = report.hint ?? message.flatMap(Self.hint) {
            lines += wrapped(Sanitizer.oneLine(hint), "  → ", styled("36", "  → "))
        }
        if let message {
            let code = [message.condition, message.sqlState.map { "SQLSTATE \($0)" }].compactMap(\.self)
            for line in [code.joined(separator: " · ")] + message.boilerplate {
                lines += Wrapping.lines("  " + Sanitizer.oneLine(line), width: width, hanging: 2).map {
                    styled("90", $0)
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func hint(_ message: SQLErrorMessage) -> String? {
        guard !message.proposals.isEmpty else { return nil }
        guard case .column(let parts)? = message.missing, let name = parts.last else {
            return Report.didYouMean(message.proposals)
        }
        // The engine proposes whatever there is, the nearest first.
        func last(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
        let near = Set(Spelling.nearest(to: name, among: message.proposals.map(last)))
        let nearest = message.proposals.filter { near.contains(last($0)) }
        return Report.didYouMean(nearest.isEmpty ? message.proposals : nearest)
    }

    private func headline(_ text: String, _ location: String?) -> [String] {
        let place = location.map { Sanitizer.oneLine($0) + ": " } ?? ""
        let lines = wrapped(Sanitizer.oneLine(text), place + "error: ", place + styled("1;31", "error: "), hanging: 2)
        guard color else { return lines }
        return lines.enumerated().map { index, line in
            index == 0 ? line + "\u{1b}[0m" : "\u{1b}[1m\(line)\u{1b}[0m"
        }
    }

    private func excerpt(isScript: Bool) -> [String] {
        guard let excerpt = report.excerpt else { return [] }
        // A traceback shows its lines itself, and what was just typed stands above.
        if excerpt.mark == nil, !isScript || report.detail?.contains(excerpt.line) == true { return [] }
        return excerpt.drawn(width: width, color: color)
    }

    private func paragraph(_ text: String) -> [String] {
        Wrapping.lines("  " + Sanitizer.oneLine(text), width: width, hanging: 2)
    }

    /// `label` counts for the width, `shown` stands in its place.
    private func wrapped(_ text: String, _ label: String, _ shown: String, hanging: Int? = nil) -> [String] {
        let lines = Wrapping.lines(
            String(repeating: "x", count: DisplayWidth.of(label) - 1) + " " + text, width: width,
            hanging: hanging ?? DisplayWidth.of(label))
        let first = lines[0].dropFirst(DisplayWidth.of(label))
        let bold = color && hanging != nil ? "\u{1b}[1m" : ""
        return [shown + bold + first] + lines.dropFirst()
    }

    private func styled(_ sgr: String, _ text: String) -> String { color ? "\u{1b}[\(sgr)m\(text)\u{1b}[0m" : text }
}

extension Report {
    /// A hint that proposes names.
    nonisolated static func didYouMean(_ names: [String]) -> String {
        let quoted = names.map { "`\($0)`" }
        guard let last = quoted.last, quoted.count > 1 else { return "did you mean \(quoted.first ?? "")?" }
        return "did you mean \(quoted.dropLast().joined(separator: ", ")) or \(last)?"
    }
}
