import FoundationEssentials
import System

/// Workspace API 2.0: notebooks and files of the workspace tree, which is the folder `workspace` of the workspace's data.
///
/// A notebook is kept as its source, without an ending, and known by its first line.
enum WorkspaceFileRoutes {
    private static let base = "/api/2.0/workspace"
    /// The largest file that is exported or imported (API README).
    private static let limit = 10 << 20

    static func routes(_ workspace: Workspace) -> [Route] {
        let tree = workspace.data.workspaceTree
        return [
            .json("GET", base + "/list") { request in
                let path = try checked(request.requiredArgument("path"))
                guard let entry = tree.entry(path) else { throw missing(path) }
                let objects = entry.isFolder ? tree.list(path).map { (path + "/" + $0.name, $0) } : [(path, entry)]
                guard !objects.isEmpty else { return [:] }
                return ["objects": .array(objects.map { object($0.0, $0.1, tree) })]
            },
            .json("GET", base + "/get-status") { request in
                let path = try checked(request.requiredArgument("path"))
                guard let entry = tree.entry(path) else { throw missing(path) }
                return object(path, entry, tree)
            },
            .json("GET", base + "/export") { request in
                let path = try checked(request.requiredArgument("path"))
                guard let entry = tree.entry(path), !entry.isFolder, let bytes = tree.read(path) else {
                    throw missing(path)
                }
                guard entry.size <= limit else {
                    throw APIError(400, "MAX_NOTEBOOK_SIZE_EXCEEDED", "The size exceeds the limit of \(limit) bytes.")
                }
                let ending = Notebook(bytes)?.ending ?? path.split(separator: ".").last.map(String.init) ?? ""
                return ["content": .string(Data(bytes).base64EncodedString()), "file_type": .string(ending)]
            },
            .json("POST", base + "/import") { request in
                try put(RequestBody(request), tree)
                return [:]
            },
            .json("POST", base + "/mkdirs") { request in
                let path = try checked(RequestBody(request).requiredString("path"))
                guard tree.makeFolder(path) else { throw exists(path) }
                return [:]
            },
            .json("POST", base + "/delete") { request in
                let body = try RequestBody(request)
                let path = try checked(body.requiredString("path"))
                guard tree.entry(path) != nil else { throw missing(path) }
                guard tree.remove(path, recursive: body.value("recursive")?.boolean == true) else {
                    throw APIError(400, "DIRECTORY_NOT_EMPTY", "Folder (\(path)) is not empty")
                }
                return [:]
            },
        ]
    }

    /// A path in the tree; the prefix `/Workspace` may be left out.
    private static func checked(_ path: String) throws -> String {
        guard path.hasPrefix("/") else { throw APIError.invalidParameter("Path (\(path)) doesn't start with '/'") }
        let bare = path == "/Workspace" || path.hasPrefix("/Workspace/") ? String(path.dropFirst(10)) : path
        return bare.hasSuffix("/") ? String(bare.dropLast()) : bare
    }

    private static func put(_ body: RequestBody, _ tree: FileTree) throws {
        var path = try checked(body.requiredString("path"))
        guard let bytes = (try body.string("content") ?? "").base64Bytes else {
            throw APIError.invalidParameter("The content is not valid base64.")
        }
        guard bytes.count <= limit else {
            throw APIError(400, "MAX_NOTEBOOK_SIZE_EXCEEDED", "The size exceeds the limit of \(limit) bytes.")
        }
        if ["AUTO", "SOURCE"].contains(try body.string("format") ?? "SOURCE"), let notebook = Notebook(bytes),
            path.hasSuffix("." + notebook.ending)
        {
            path = String(path.dropLast(notebook.ending.count + 1))
        }
        let there = tree.entry(path)
        guard there?.isFolder != true, there == nil || body.value("overwrite")?.boolean == true else {
            throw exists(path)
        }
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard tree.entry(parent)?.isFolder == true else { throw missing(parent, "The parent folder") }
        try tree.write(bytes, at: path)
    }

    private static func object(_ path: String, _ entry: FileTree.Entry, _ tree: FileTree) -> JSON {
        let notebook = entry.isFolder || entry.name.contains(".") ? nil : tree.read(path).flatMap(Notebook.init)
        let kind = entry.isFolder ? "DIRECTORY" : notebook == nil ? "FILE" : "NOTEBOOK"
        let object: JSON = ["object_type": .string(kind), "path": .string(path.isEmpty ? "/" : path)]
        return object.adding([
            "language": .optional(notebook?.language), "size": entry.isFolder ? .null : .integer(entry.size),
            "modified_at": .integer(entry.modified), "created_at": .integer(entry.modified),
        ])
    }

    private static func missing(_ path: String, _ what: String = "Path") -> APIError {
        .notFound("\(what) (/Workspace\(path)) doesn't exist.")
    }

    private static func exists(_ path: String) -> APIError {
        APIError(400, "RESOURCE_ALREADY_EXISTS", "/Workspace\(path) already exists.")
    }

    /// What the first line of a notebook's source says.
    private struct Notebook {
        let language: String
        let ending: String

        init?(_ bytes: [UInt8]) {
            let first = String(
                decoding: bytes.prefix(64).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") },
                as: UTF8.self)
            switch first {
            case "# Databricks notebook source": (language, ending) = ("PYTHON", "py")
            case "-- Databricks notebook source": (language, ending) = ("SQL", "sql")
            case "// Databricks notebook source": (language, ending) = ("SCALA", "scala")
            default: return nil
            }
        }
    }
}

extension String {
    /// The bytes that this is the base 64 of; nil when it is none.
    var base64Bytes: [UInt8]? { Data(base64Encoded: self).map { Array($0) } }
}
