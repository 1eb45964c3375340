/// What the metadata of one message of an Arrow IPC stream says, as far as joining streams needs it.
///
/// A FlatBuffers table `Message` (Arrow Columnar Format, "Encapsulated message format", Message.fbs): field 1 is the type of
/// the header, 2 the header, 3 the length of the body. A `RecordBatch` header has its number of rows as field 0.
struct ArrowMessage: Equatable {
    enum Kind: Equatable {
        case schema, dictionary, rows(count: Int), other
    }

    let kind: Kind
    /// Bytes behind the metadata.
    let bodyLength: Int

    /// Nil when the bytes are no such table.
    init?(metadata: [UInt8]) {
        let buffer = FlatBuffer(bytes: metadata)
        guard let root = buffer.offset(at: 0), let message = buffer.table(at: root) else { return nil }
        let length = message.field(3).flatMap { buffer.integer(at: $0, bytes: 8) } ?? 0
        guard length >= 0, let type = message.field(1).flatMap({ buffer.integer(at: $0, bytes: 1) }) else { return nil }
        bodyLength = length
        switch type {
        case 1: kind = .schema
        case 2: kind = .dictionary
        case 3:
            guard let field = message.field(2), let relative = buffer.offset(at: field),
                let batch = buffer.table(at: field + relative)
            else { return nil }
            kind = .rows(count: batch.field(0).flatMap { buffer.integer(at: $0, bytes: 8) } ?? 0)
        default: kind = .other
        }
    }
}

/// Reads tables of a FlatBuffers buffer (little endian), every offset checked.
private struct FlatBuffer {
    struct Table {
        /// Where each field's value stands; 0 when it has its default.
        let fields: [Int]

        func field(_ index: Int) -> Int? { index < fields.count && fields[index] > 0 ? fields[index] : nil }
    }

    let bytes: [UInt8]

    func integer(at position: Int, bytes count: Int) -> Int? {
        guard position >= 0, position <= bytes.count - count else { return nil }
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[position + index]) }
        // Sign-extended: lengths are signed, and a negative one is an error to be seen.
        let shift = UInt64(64 - count * 8)
        return count == 1 ? Int(value) : Int(Int64(bitPattern: value << shift) >> Int64(shift))
    }

    /// A forward offset (unsigned, 32 bits).
    func offset(at position: Int) -> Int? {
        integer(at: position, bytes: 4).flatMap { $0 >= 0 ? $0 : nil }
    }

    func table(at position: Int) -> Table? {
        guard let back = integer(at: position, bytes: 4) else { return nil }
        let vtable = position - back
        guard let size = integer(at: vtable, bytes: 2), size >= 4, vtable >= 0, vtable <= bytes.count - size else {
            return nil
        }
        let fields = stride(from: 4, to: size - 1, by: 2).map { entry -> Int in
            guard let offset = integer(at: vtable + entry, bytes: 2), offset > 0 else { return 0 }
            return position + offset
        }
        return Table(fields: fields)
    }
}
