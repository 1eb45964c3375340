/// A token or password that no print, interpolation, dump or error can show.
///
/// Every way Swift has of turning a value into text is answered with `***`; the text itself comes out only through
/// `reveal()`, which is called where a request header is written, where a request body needs it, and where a header goes
/// through a pipe to the program that writes it (Spark Connect's client).
package struct Secret: Sendable, Equatable {
    private let text: String

    /// Wraps `text`; surrounding white space is kept. From now on `Redaction` finds it in whatever dbsh says.
    package init(_ text: String) {
        self.text = text
        KnownSecrets.add(text)
    }

    /// Wraps a text that `Redaction` need not look for: one that is made of a secret, or that is none.
    init(unlisted text: String) {
        self.text = text
    }

    /// The secret itself. Never log, print or store the result.
    package func reveal() -> String { text }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { text.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A header whose value must not be shown.
package struct SecretHeader: Sendable, Equatable {
    package let name: String
    package let value: Secret

    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
    }

    /// `Authorization: SCHEME VALUE` (RFC 9110 §11.6.2).
    static func authorization(_ scheme: String, _ value: Secret) -> SecretHeader {
        SecretHeader(name: "Authorization", value: Secret(unlisted: "\(scheme) \(value.reveal())"))
    }
}
