/// One thing that Tab can insert.
package struct Candidate: Sendable, Equatable {
    /// What is inserted, quotes included.
    package var text: String
    /// A few words shown beside it in the menu.
    package var note: String
    /// What follows when it is the only candidate: a space for a word, nothing for a path that goes on.
    package var suffix: String

    package init(_ text: String, note: String = "", suffix: String = " ") {
        self.text = text
        self.note = note
        self.suffix = suffix
    }
}

/// The answer to Tab: what could stand in place of a part of the text.
package struct Completion: Sendable, Equatable {
    /// Offsets into the text's UTF-8; usually the word before the cursor. A range that does not fit the text counts as no answer.
    package var range: Range<Int>
    /// In the order in which they are shown.
    package var candidates: [Candidate]
    /// Names are missing that could not be had: the candidates are shown, and none goes in before it is chosen.
    package var isPartial: Bool

    package init(replacing range: Range<Int>, _ candidates: [Candidate], isPartial: Bool = false) {
        self.range = range
        self.candidates = candidates
        self.isPartial = isPartial
    }

    package static let none = Completion(replacing: 0..<0, [])
}
