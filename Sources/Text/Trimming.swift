extension StringProtocol {
    /// Without blanks at both ends.
    package func trimmingBlanks() -> String {
        var rest = Substring(self)
        rest = rest.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
