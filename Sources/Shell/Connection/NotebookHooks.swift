import Databricks
import FoundationEssentials
import Results

/// What a notebook finds in the Python of an execution context that a service's notebook page would have put there: its
/// widgets' values, and an end.
///
/// The Command Execution API returns the value of `dbutils.notebook.exit` as if it had been printed. So that a notebook ends
/// there, its Python marks the value with a word that no program prints by chance. UNCONFIRMED on a live workspace: that
/// `dbutils.notebook` of a cluster takes an attribute. Where it does not, the value is shown and the notebook goes on.
final class NotebookHooks {
    /// Begins the value of a notebook that has ended itself. The same for every dbsh: a kept context marks values for those that
    /// come after the one that ran the notebook.
    private let mark = "dbsh-exit-6f1d9ab5c04e7328-"
    /// Some notebook of this session ends itself.
    var isWanted = false
    /// Ids of the contexts that mark values.
    private var marking: Set<String> = []

    /// Lets `dbutils.notebook.exit` mark its value, in a context that does not do that yet.
    /// - Throws: as `ContextSession.run`.
    func install(in context: ContextSession) async throws {
        guard isWanted else { return }
        let id = try await context.open(language: .python)
        guard !marking.contains(id) else { return }
        _ = try await context.run(
            .python,
            """
            def _dbsh_mark_exits(notebook, mark):
                leave = getattr(notebook.exit, "_dbsh_original", notebook.exit)
                def exit(value=""):
                    leave(mark + str(value))
                exit._dbsh_original = leave
                try:
                    notebook.exit = exit
                except AttributeError:
                    pass
            _dbsh_mark_exits(dbutils.notebook, "\(mark)")
            del _dbsh_mark_exits
            """)
        marking.insert(id)
    }

    /// The value that a notebook ended itself with, and what was printed before; nil when the text is of another command.
    func exit(in text: String) -> (printed: String, value: String)? {
        guard let found = text.firstRange(of: mark) else { return nil }
        return (String(text[..<found.lowerBound]), String(text[found.upperBound...]))
    }

    /// Names of parameters that are widgets' values.
    private(set) var widgets: Set<String> = []

    /// Python that prints the values of all widgets, as an object of JSON.
    static let allWidgets = """
        try:
            print(__import__("json").dumps(dbutils.widgets.getAll()))
        except Exception:
            pass
        """

    /// The parameters as they are when each widget is one: `:name` in SQL is the widget of that name, as on a notebook's page.
    func parameters(_ parameters: Parameters, withWidgets text: String) -> Parameters {
        guard let members = (try? JSONValue.parse(text))?.members else { return parameters }
        var parameters = parameters
        for name in widgets where !members.contains(where: { $0.key == name }) { parameters.remove(name) }
        widgets = []
        for member in members {
            guard let value = member.value.text else { continue }
            // One of the same value keeps its type. Not every name of a widget can stand behind a colon.
            if parameters[member.key]?.value == value { continue }
            if (try? parameters.set(.init(name: member.key, value: value))) != nil { widgets.insert(member.key) }
        }
        return parameters
    }

    /// Python that runs SQL with parameters, which the Command Execution API itself takes none of. Nothing is spliced into code
    /// or SQL: text and values travel as JSON in base64.
    static func sql(_ statement: String, _ parameters: [StatementRequest.Parameter]) -> String {
        let values = parameters.map { parameter -> JSONValue in
            .array([
                .string(parameter.name), parameter.value.map { .string($0) } ?? .null,
                .string(parameter.type ?? "STRING"),
            ])
        }
        let document = JSONValue.object([.init("sql", .string(statement)), .init("values", .array(values))])
            .serialized()
        let base64 = Data(document.utf8).base64EncodedString()
        return """
            def _dbsh_sql(document):
                from pyspark.sql.functions import lit
                def typed(value, type):
                    # Only a literal can be an argument, and not a cast.
                    if value is None or type == "STRING":
                        return value
                    return spark.range(1).select(lit(value).cast(type)).first()[0]
                frame = spark.sql(document["sql"], args={n: typed(v, t) for n, v, t in document["values"]})
                if frame.columns:
                    display(frame)
            _dbsh_sql(__import__("json").loads(__import__("base64").b64decode("\(base64)")))
            """
    }

    /// Python that gives widgets their values: made with them, a widget keeps its value when the notebook makes it again.
    static func widgets(_ values: [(name: String, value: String)]) -> String {
        let document = JSONValue.object(values.map { .init($0.name, .string($0.value)) }).serialized()
        let base64 = Data(document.utf8).base64EncodedString()
        return """
            for _dbsh_widget in __import__("json").loads(__import__("base64").b64decode("\(base64)")).items():
                try:
                    dbutils.widgets.remove(_dbsh_widget[0])
                except Exception:
                    pass
                dbutils.widgets.text(*_dbsh_widget)
            del _dbsh_widget
            """
    }
}
