/// Makes one file of the parts of a result, each of which is a file of its own in the service's format.
///
/// One task at a time uses it.
package protocol PartJoiner: AnyObject {
    /// Rows passed on so far.
    var rowCount: Int { get }
    /// Takes the next bytes of the part being read, cut anywhere.
    /// - Throws: when they cannot be of the format, and what the output throws.
    func feed(_ piece: [UInt8]) async throws
    /// The part being read is over; another may follow.
    /// - Throws: when it is not whole, and what the output throws.
    func endPart() async throws
    /// No part follows.
    /// - Throws: what the output throws.
    func finish() throws
}

extension ArrowJoiner: PartJoiner {
    package func feed(_ piece: [UInt8]) throws { try piece.withUnsafeBytes { try feed($0) } }
    package func endPart() throws { try endStream() }
}
