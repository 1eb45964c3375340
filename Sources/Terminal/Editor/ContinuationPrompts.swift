/// The prompts of the lines after the first. When nobody gives them in one pass, each is what `isComplete` says about the lines
/// before it, asked only for lines that have changed since the last picture.
struct ContinuationPrompts {
    private var lines: [Substring] = []
    private var prompts: [String] = []

    static let usual = "...> "
    /// Longer texts all show the usual prompt: asking for every line takes time that grows with the square of the text.
    private static let longestText = 16_384

    mutating func prompts(for text: String, _ options: EditorOptions) -> [String] {
        guard text.contains("\n") else { return [] }
        if let give = options.continuationPrompts { return give(text) }
        guard text.utf8.count <= Self.longestText else { return [Self.usual] }
        let new = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let same = zip(lines, new).prefix { $0 == $1 }.count
        prompts.removeLast(prompts.count - same)
        for line in new[same...] {
            let before = text[..<line.endIndex]
            if case .incomplete(let prompt, _) = options.isComplete(String(before)) {
                prompts.append(prompt)
            } else {
                prompts.append(Self.usual)
            }
        }
        lines = Array(new)
        return prompts
    }
}
