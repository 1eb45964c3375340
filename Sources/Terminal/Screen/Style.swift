/// How text looks: the parameters of one SGR sequence, such as `"1;32"` (ECMA-48 §8.3.117). Empty is the default look.
package struct Style: Sendable, Hashable, ExpressibleByStringLiteral {
    package var parameters: String

    package init(_ parameters: String) { self.parameters = parameters }
    package init(stringLiteral value: String) { parameters = value }

    package static let plain = Style("")
    package static let bold = Style("1")
    /// Bright black, which reads as grey on dark and on light backgrounds ("faint" is not shown by every terminal).
    package static let dim = Style("90")
    package static let inverse = Style("7")
}

/// A piece of text and how it looks.
package struct StyledText: Sendable, Equatable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }
}

/// A look for a part of the text being edited.
package struct Span: Sendable, Equatable {
    /// Offsets into the text's UTF-8.
    package var range: Range<Int>
    package var style: Style

    package init(_ range: Range<Int>, _ style: Style) {
        self.range = range
        self.style = style
    }
}
