import Databricks

extension RemotePath: ArgumentValue {
    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> RemotePath {
        let word = try String.read(&words, label)
        guard let path = RemotePath(word) else {
            throw ArgumentFailure("\(label) begins with /Volumes/, /Workspace/ or dbfs:/, not “\(word)”")
        }
        return path
    }
    static var candidates: CandidateSource { .remotePaths }
}

/// Files of this machine, and where in the workspace they go: the last word.
struct FilesAndTarget: ArgumentValue {
    let files: [String]
    let target: RemotePath

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> FilesAndTarget {
        guard words.count > 1 else { throw ArgumentFailure("\(label) needs a file and where it goes") }
        var last = words.suffix(1)
        let files = Array(words.dropLast())
        words = []
        return FilesAndTarget(files: files, target: try RemotePath.read(&last, "the last word"))
    }
    static var candidates: CandidateSource { .either(.files, .remotePaths) }
    static var takesRest: Bool { true }
}

/// Files of the workspace, and where on this machine they go: the last word, if it is no path of the workspace.
struct PathsAndFile: ArgumentValue {
    let paths: [RemotePath]
    let file: String?

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> PathsAndFile {
        let file = words.count > 1 && words.last.flatMap { RemotePath($0) } == nil ? words.popLast() : nil
        var paths: [RemotePath] = []
        repeat { paths.append(try RemotePath.read(&words, "PATH")) } while !words.isEmpty
        return PathsAndFile(paths: paths, file: file)
    }
    static var candidates: CandidateSource { .either(.remotePaths, .files) }
    static var takesRest: Bool { true }
}
