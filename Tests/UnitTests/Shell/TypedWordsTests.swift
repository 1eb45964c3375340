import Testing

@testable import Shell

/// The words of a line that Tab is pressed in.
@Suite struct TypedWordsTests {
    @Test(arguments: [
        ("", [""], 0), ("clu", ["clu"], 3), ("cluster ", ["cluster", ""], 0), ("cluster  st", ["cluster", "st"], 2),
        ("a 'b c", ["a", "b c"], 4), ("a 'b c' d", ["a", "b c", "d"], 1), ("a \"b \\\" c", ["a", "b \" c"], 7),
        (#"a b\ c"#, ["a", "b c"], 4), ("a 'é", ["a", "é"], 3), ("a '' ", ["a", "", ""], 0), ("a b\\", ["a", "b"], 2),
    ])
    func splits(_ line: String, _ words: [String], _ length: Int) {
        let typed = TypedWords(line)
        #expect(typed.words == words)
        #expect(typed.lengthOfLast == length)
    }
}
