/// How far an object has been read, and what is known of it, so that a download that broke off can go on where it was
/// (range requests, RFC 9110 §14).
///
/// The rest is taken only of the very object that was begun: `If-Range` asks the server to see to that where it gave a
/// strong validator, and what it answers is compared all the same, since some servers know `Range` but not `If-Range`.
struct ResumePoint: Sendable {
    /// What came in reply to a request for the rest.
    enum Reply: Equatable {
        /// The rest, from the next byte on.
        case rest
        /// The object from its beginning: the server knows no ranges, or has another object now. Refusals too are read as
        /// if the request had been for the whole.
        case whole
        /// There is no rest: everything had come.
        case nothing
        /// Neither: the whole has to be asked for.
        case useless
    }

    /// Bytes read from the beginning.
    private(set) var offset = 0
    /// Bytes of the whole object, when the server said so.
    private var length: Int?
    private var entityTag: String?
    private var lastModified: String?
    private var isDateStrong = false
    private var isResumable = false
    /// How often in a row the rest was refused.
    private var refusals = 0

    /// All bytes of an object of known length have been read.
    var isAtEnd: Bool { offset == length }

    /// Nothing speaks against the end of the body being the end of the object.
    var isComplete: Bool { length == nil || isAtEnd }

    /// The object comes from its beginning, with this head.
    mutating func begin(_ head: HTTPHead) {
        self = ResumePoint()
        // Offsets count the bytes that were sent, not those that libcurl makes of them.
        guard head.status == 200, head.isPlain else { return }
        length = head["content-length"].flatMap { Int($0) }
        entityTag = head["etag"]
        lastModified = head["last-modified"]
        isDateStrong = head.hasStrongDate
        // Without anything to know the object by, at least its length must stay the same.
        let isKnown = entityTag != nil || lastModified != nil || length != nil
        isResumable = isKnown && head["accept-ranges"]?.lowercased() != "none"
    }

    /// So many bytes of it have been read.
    mutating func advance(by count: Int) { offset += count }

    /// The next request is to be for the whole object.
    mutating func forget() { self = ResumePoint() }

    /// Headers that ask for the rest; nil when the object has to be asked for as a whole.
    var rangeHeaders: [(name: String, value: String)]? {
        guard isResumable, offset > 0 else { return nil }
        let range = (name: "Range", value: "bytes=\(offset)-")
        return validator.map { [range, (name: "If-Range", value: $0)] } ?? [range]
    }

    /// For `If-Range`: never a weak entity tag, and a date only if there is no tag and it is strong (RFC 9110 §13.1.5).
    private var validator: String? {
        if let entityTag { return entityTag.hasPrefix("\"") ? entityTag : nil }
        return isDateStrong ? lastModified : nil
    }

    /// What the reply to a request with `rangeHeaders` is.
    mutating func take(_ head: HTTPHead) -> Reply {
        let range = head["content-range"].flatMap(ContentRange.init)
        switch head.status {
        case 206:
            guard let range, range.first == offset, head.isPlain, isSame(head, range.length) else { return .useless }
            length = length ?? range.length
            refusals = 0
            return .rest
        case 416:
            // All had come but for the word that it was all, as with chunks (RFC 9110 §15.5.17).
            guard let range, range.first == nil, range.length == offset, isSame(head, offset) else { return .useless }
            length = offset
            return .nothing
        case 200:
            return .whole
        default:
            // A link that has expired is refused like this. If a fresh one is too, it may be the range that is not wanted.
            guard (400..<500).contains(head.status), head.status != 429 else { return .whole }
            refusals += 1
            return refusals > 1 ? .useless : .whole
        }
    }

    /// Whether a part belongs to the object that was begun.
    private func isSame(_ head: HTTPHead, _ found: Int?) -> Bool {
        if let length, let found, length != found { return false }
        if let entityTag, let other = head["etag"] { return entityTag == other }
        if let lastModified, let other = head["last-modified"] { return lastModified == other }
        // A server that minds `If-Range` need not repeat the validator (RFC 9110 §15.3.7); else the length must speak.
        return validator != nil || length != nil && found != nil
    }
}

/// `Content-Range: bytes 500-999/1234` (RFC 9110 §14.4).
struct ContentRange: Equatable {
    /// First byte, counted from 0; nil in `bytes */1234`, which says that the range asked for does not exist.
    let first: Int?
    /// Last byte.
    let last: Int?
    /// Bytes of the whole object; nil when the server does not know.
    let length: Int?

    /// Nil for what is no range of bytes.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == "*" || Int(parts[1]) != nil else { return nil }
        length = Int(parts[1])
        guard parts[0] != "*" else {
            (first, last) = (nil, nil)
            return
        }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else { return nil }
        if let length, last >= length { return nil }
        (self.first, self.last) = (first, last)
    }
}

extension HTTPHead {
    /// The body is the object itself, not a compressed form of it.
    fileprivate var isPlain: Bool {
        self["content-encoding"].map { $0.isEmpty || $0.lowercased() == "identity" } ?? true
    }

    /// Whether `Last-Modified` surely changes when the object does: the reply must be a second younger at least
    /// (RFC 9110 §8.8.2.2).
    fileprivate var hasStrongDate: Bool {
        guard let changed = self["last-modified"].flatMap(HTTPDate.epoch),
            let sent = self["date"].flatMap(HTTPDate.epoch)
        else { return false }
        return sent > changed
    }
}
