/// An error as the REST API tells it: a status and one of its body forms (API README).
struct APIError: Error, Sendable, Equatable {
    let status: Int
    let body: JSON

    /// The standard form: a code by name and a message.
    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        body = ["error_code": .string(code), "message": .string(message)]
    }

    private init(status: Int, body: JSON) {
        self.status = status
        self.body = body
    }

    /// The form with a number as code, used for credentials.
    static func credential(_ status: Int, _ message: String) -> APIError {
        APIError(status: status, body: ["error_code": .integer(status), "message": .string(message)])
    }

    /// The form of API 1.2: an exception's class and text, with status 500.
    static func execution(_ exception: String, _ message: String) -> APIError {
        APIError(status: 500, body: ["error": .string("\(exception): \(message)")])
    }

    /// The form of OAuth 2.0 (RFC 6749 section 5.2).
    static func oauth(_ status: Int, _ error: String, _ description: String) -> APIError {
        APIError(status: status, body: ["error": .string(error), "error_description": .string(description)])
    }

    static func invalidParameter(_ message: String) -> APIError { APIError(400, "INVALID_PARAMETER_VALUE", message) }
    static func invalidState(_ message: String) -> APIError { APIError(400, "INVALID_STATE", message) }
    static func malformed(_ message: String) -> APIError { APIError(400, "MALFORMED_REQUEST", message) }
    static func notFound(_ message: String) -> APIError { APIError(404, "RESOURCE_DOES_NOT_EXIST", message) }
}
