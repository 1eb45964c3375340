import Databricks
import Testing

/// Patterns for names, as `.tables` takes them.
@Suite struct NamePatternTests {
    @Test(arguments: [
        ("*", "anything", true), ("", "", true), ("", "a", false), ("a*", "abc", true), ("a*", "A", true),
        ("A*", "abc", true),
        ("*c", "abcc", true), ("*b*", "abc", true), ("a*c*e", "abcde", true), ("a*c*e", "abcd", false),
        ("a", "ab", false),
        ("a_c", "abc", false), ("a%", "ab", false), ("***", "x", true), ("é*", "ÉCOLE", true),
    ])
    func matches(pattern: String, name: String, isMatch: Bool) {
        #expect(NamePattern(pattern).matches(name) == isMatch)
    }
}
