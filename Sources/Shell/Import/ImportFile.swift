import Glibc
import Results
import System
import Terminal

/// A file to be imported in the form in which it goes to the workspace: not compressed, CSV for text, an object a line for JSON.
///
/// What is neither is rewritten into a temporary file, piece by piece, which goes away with this object.
nonisolated final class ImportFile: @unchecked Sendable {
    // Made whole before it is shared.
    /// Where it lies.
    private(set) var path: String
    /// `csv`, `jsonl` or `parquet`.
    let form: ImportFormat
    private var temporary: [String] = []
    private let directory: String

    private init(_ path: String, _ form: ImportFormat, directory: String) {
        (self.path, self.form, self.directory) = (path, form, directory)
    }

    /// - Parameters:
    ///   - path: `-` is standard input.
    ///   - name: for messages.
    ///   - encoding: what its text is in, in the words of iconv(1); nil for UTF-8.
    ///   - separator: between fields of CSV; nil finds out.
    ///   - directory: for temporary files.
    /// - Throws: `FileError`; `SystemCommand.StartError` without the decompressor; `UsageError`.
    @concurrent
    static func open(
        _ path: String, _ format: ImportFormat, name: String, encoding: String?, separator: UInt8?, directory: String
    ) async throws -> ImportFile {
        let form: ImportFormat = format.isText ? .csv : format == .parquet ? .parquet : .jsonl
        let file = ImportFile(path, form, directory: directory)
        if let separator { file.separator = separator }
        try await file.prepare(format, name: name, encoding)
        if form == .csv { try file.settle(findsSeparator: separator == nil && format == .csv) }
        return file
    }

    private func prepare(_ format: ImportFormat, name: String, _ encoding: String?) async throws {
        let given = path
        if given == "-" {
            path = try place()
            try await Self.copy(STDIN_FILENO, name, to: path)
        } else if Self.isPipe(given) {
            // It can be read once. Who writes to a FIFO may come later: to open it does not wait, so that Ctrl-C ends that.
            let descriptor = Glibc.open(given, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { throw FileError(path: name, code: errno) }
            defer { close(descriptor) }
            path = try place()
            try await Self.copy(descriptor, name, to: path)
        } else {
            do throws(FileError) { try Files.checkReadable(given) } catch {
                throw FileError(path: name, code: error.code)
            }
        }
        if let program = try Self.decompressor(self.path) {
            try await pass(through: program, or: "\(name) cannot be decompressed")
        }
        if let encoding, format != .parquet {
            try await pass(
                through: ["iconv", "--from-code", encoding, "--to-code", "UTF-8", "--"],
                or: "\(name) cannot be read as \(encoding)")
        }
        if format.hasLines, try Self.endsInCR(self.path) {
            let source = self.path
            self.path = try place()
            try TextRewriting.withLineFeeds(
                source, quoted: format == .csv, separators: [separator] + Self.separators, to: self.path)
        }
        try rewrite(format)
    }

    /// Whether lines end in a bare CR, as old Macs and some programs write them: the file's first part has no other end.
    private static func endsInCR(_ path: String) throws -> Bool {
        let head = try Self.head(of: path, 1 << 16)
        return head.contains(0x0D) && !head.contains(0x0A)
    }

    /// Replaces the file by what a program makes of it.
    private func pass(through program: [String], or refusal: String) async throws {
        let target = try place()
        let output = Glibc.open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw FileError(path: target, code: errno) }
        defer { close(output) }
        let command = try PipeCommand(program + [path], output: output, keepsErrors: true)
        let status = await command.finish()
        guard status == .exited(0) else {
            throw UsageError(refusal, hint: command.errorText.split(separator: "\n").first.map(String.init))
        }
        path = target
    }

    /// `/dev/stdin`, a FIFO, what a shell makes of `<(…)`.
    private static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && [S_IFIFO, S_IFCHR, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    private func rewrite(_ format: ImportFormat) throws {
        let source = path
        switch format {
        case .tsv:
            self.path = try place()
            try TextRewriting.csv(fromTSV: source, to: self.path)
        case .json:
            self.path = try place()
            try TextRewriting.lines(fromJSON: source, to: self.path)
        case .csv, .jsonl, .parquet: break
        }
    }

    private func settle(findsSeparator: Bool) throws {
        guard try firstRecords(1).first?.count == 1 else { return }
        if findsSeparator, let found = try Self.separators.first(where: separates) {
            (separator, hasFoundSeparator) = (found, true)
            return
        }
        let single = self.path
        self.path = try place()
        try TextRewriting.withSecondColumn(single, separator: separator, to: self.path)
        (separator, hasOneColumn) = (UInt8(ascii: ","), true)
    }

    /// The first lines all have the same number of fields, of more than one.
    private func separates(_ separator: UInt8) throws -> Bool {
        var records = try CSVRecords(path, separator: separator)
        var counts: [Int] = []
        while counts.count < 20, let record = records.next() { counts.append(record.count) }
        return counts.count > 1 && counts[0] > 1 && Set(counts).count == 1
    }

    /// What stands between fields of CSV.
    private(set) var separator = UInt8(ascii: ",")
    /// What else than a comma is looked for.
    private static let separators = Array(";\t|".utf8)
    /// It is no comma, and nobody said so.
    private(set) var hasFoundSeparator = false

    /// Its records, one by one.
    func records() throws -> CSVRecords { try CSVRecords(path, separator: separator) }

    /// It is CSV of one column; another was added that means nothing.
    private(set) var hasOneColumn = false

    deinit { for path in temporary { unlink(path) } }

    private func place() throws -> String {
        var template = Array((directory + "/dbsh-import-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileError(path: directory, code: errno, action: "write in") }
        close(descriptor)
        let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }  // mkstemp keeps the final 0
        temporary.append(path)
        return path
    }

    /// By the first bytes, as standard input has no name.
    private static func decompressor(_ path: String) throws -> [String]? {
        let head = try Self.head(of: path, 4)
        if head.starts(with: [0x1F, 0x8B]) { return ["gzip", "--decompress", "--stdout", "--"] }
        if head == [0x28, 0xB5, 0x2F, 0xFD] {
            return ["zstd", "--quiet", "--decompress", "--stdout", "--"]
        }
        return nil
    }

    private static func head(of path: String, _ count: Int) throws -> [UInt8] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(read(descriptor, buffer.baseAddress, count), 0)
        }
    }

    private static func copy(_ descriptor: Int32, _ name: String, to path: String) async throws {
        let file = try AtomicFile(path)
        let reader = DescriptorReader(descriptor: descriptor)
        do {
            while let chunk = try await reader.next() { try chunk.withUnsafeBytes { try file.write($0) } }
        } catch let error as DescriptorReader.ReadError {
            throw FileError(path: name, code: error.code, action: "read")
        }
        try file.commit()
    }

    /// Its first records, as fields; the header among them.
    func firstRecords(_ count: Int) throws -> [[String?]] {
        var records = try records()
        var found: [[String?]] = []
        while found.count < count, let record = records.next() { found.append(hasOneColumn ? [record[0]] : record) }
        return found
    }

    /// Its first objects.
    /// - Throws: `UsageError` for a line that is none.
    func firstObjects(_ count: Int) throws -> [JSONValue] {
        var lines = try FileLines(path)
        var found: [JSONValue] = []
        while found.count < count, let line = lines.next() {
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            guard let object = try? JSONValue.parse(line), object.members != nil else {
                throw UsageError(
                    "line \(lines.number) is no JSON object",
                    hint: "a line holds one object; --format json reads an array")
            }
            found.append(object)
        }
        return found
    }
}

/// The lines of a file, one by one.
nonisolated struct FileLines: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>
    private var line: UnsafeMutablePointer<CChar>?
    private var capacity = 0
    /// Of the line that was read last, from 1.
    private(set) var number = 0

    /// - Throws: `FileError`.
    init(_ path: String) throws {
        guard let file = fopen(path, "rbe") else { throw FileError(path: path, code: errno) }
        self.file = file
    }

    deinit {
        fclose(file)
        free(line)
    }

    /// The next line, with its end.
    mutating func next() -> [UInt8]? {
        let count = getline(&line, &capacity, file)
        guard count > 0, let line else { return nil }
        number += 1
        let bytes = line.withMemoryRebound(to: UInt8.self, capacity: count) {
            Array(UnsafeBufferPointer(start: $0, count: count))
        }
        // The byte order mark is no part of the text.
        return number == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
    }
}
