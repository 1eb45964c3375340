import Text

/// What `.help` says about things that are no commands.
struct Topic {
    let name: String
    let summary: String
    let text: String

    /// - Parameter text: lines of two columns, and paragraphs, which may be broken anywhere: they are broken where the window ends.
    init(name: String, summary: String, text: String) {
        self.name = name
        self.summary = summary
        self.text = Wrapping.paragraphs(text).joined(separator: "\n")
    }

    static let all = [
        Topic(
            name: "keys", summary: "editing, history, completion",
            text: """
                Enter          runs a complete cell, otherwise starts a new line; Alt-Enter always starts a new line
                Ctrl-C         discards what is typed; cancels what is running; pressed again, stops waiting for it
                Ctrl-D         exits, at an empty prompt
                Tab            completes commands, arguments, files, tables, columns, joins, functions, SQL clauses and
                               Python names; the first Tab lists the choices, further Tabs go through them.
                               … means that names are on their way: they appear by themselves
                Up, Down       move within the cell, then through history entries that begin with what is typed
                Right, End     take the suggestion, which stands in grey behind what is typed: of this session first,
                               then what succeeded before; Alt-F, Ctrl-Right take a word of it
                Ctrl-R         searches the history
                Ctrl-_         undoes
                Ctrl-X Ctrl-E  edits what is typed in $VISUAL or $EDITOR (v in vi's command mode)
                F3, Alt-V      the last result on the whole screen: arrows, PgDn, / and ?, q leaves
                Ctrl-Z         suspends dbsh; fg brings it back
                ~/.editrc      sets key bindings (see editrc(5)); bind -v selects vi keys

                Lines that begin with a space or contain a secret are not kept in the history.
                """),
        Topic(
            name: "cells", summary: "languages, and where cells run",
            text: """
                select 1;             SQL ends with ; and runs on the warehouse, or on the cluster if there is none
                select 1\\G            show the result vertically
                select 1;&            run in the background
                %python print(1)      one cell in Python, Scala (%scala) or R (%r), on the cluster
                .lang python          cells are Python from now on; a blank line ends a block
                %run FILE             runs a script or notebook; %md is a note; %pip, %sh and %fs run on the cluster
                .help                 a line that begins with a dot is a command of dbsh
                """),
        Topic(
            name: "sql", summary: "statements, parameters, where they run",
            text: """
                select 1;             ends with ; and runs on the warehouse, or on the cluster if there is none (.target)
                select 1\\G            the result vertically
                select 1;&            in the background: .jobs, .result, .cancel
                .param day 2026-01-01  a value for :day in statements; .params lists them
                .use main.sales       names without catalog and schema are looked for there
                .tables               what there is; .describe T says what T is, .summary T what it holds
                Tab                   after FROM tables, after WHERE columns, after ON conditions, and only the clauses that
                                      can follow; columns are fetched as soon as a table's name stands in the cell
                sum(                  inside brackets a line below shows how the function is called
                explain select 1;     the plan; .statement ID shows a statement of before
                """),
        Topic(
            name: "python", summary: "cells of code on the cluster",
            text: """
                %python x = 1         one cell; .lang python: cells are Python from now on, a blank line ends a block
                x                     the value of the last expression is shown; a DataFrame by display(df), as a table
                                      that .last, .plot, .summary and .export know
                spark, dbutils        are there; SQL's tables by spark.table("main.sales.orders")
                %pip install NAME     on the cluster; restarts Python if need be
                %sh ls                a program on the cluster; .sh runs one here
                Tab                   names, attributes, keyword arguments, modules after import, columns in df["…
                plt.show()            pictures are drawn in the terminal (.image)
                """),
        Topic(
            name: "serverless", summary: "code without a cluster: Python here, Spark on the workspace",
            text: """
                .cluster serverless   Python runs on this machine, and Spark on serverless compute (Spark Connect);
                                      so do --serverless, and serverless_compute_id = auto in a profile
                .cluster NAME --connect   the same with a cluster that makes no execution contexts

                Python and SQL share one Spark session: temporary views, USE, SET, _sqldf. SQL goes to a warehouse if one is
                chosen (.target). Scala, R, RDDs and sc are not available.
                %sh, %pip, open() and os.environ are this machine's; dbutils.fs and dbutils.secrets are the workspace's;
                what secrets hold is shown as [REDACTED].
                Functions of Python that Spark runs (UDFs) need the workspace's version of Python here, which is 3.12 for
                serverless compute, and do not see packages that %pip installed.
                Python is installed at the first use, after a question, or by dbsh setup connect: with python3.12 if that is
                on PATH, else with any from 3.10 on. DBSH_CONNECT_PYTHON=ENV/bin/python dbsh setup connect takes an
                environment of yours: with pyspark-client or databricks-connect, ipython, psutil, matplotlib, databricks-sdk.
                Everything of it ends with dbsh, but in a kept session (.help kept-sessions), where Python has a process of its own.
                A session that the workspace has ended takes temporary views and cached data with it; Python's variables stay.
                """),
        Topic(
            name: "stopping", summary: "Ctrl-C, lost contexts, leaving",
            text: """
                Ctrl-C cancels the running statement or command in the workspace and waits for confirmation.
                A second Ctrl-C stops waiting; dbsh prints the id of what may still be running.
                When a cluster restarts or evicts the context, variables are lost: dbsh says so, does not rerun anything,
                and creates a new context for the next cell.
                On exit, dbsh destroys the contexts it created. After a crash, dbsh --resume continues with them.
                """),
        Topic(
            name: "background", summary: "background jobs",
            text: """
                select count(*) from range(1000000);&   starts a job; the prompt returns as soon as it has an id
                .bg %python sum(range(1000))            the same, for any language
                .jobs   .wait [N]   .result N   .cancel [N]
                SQL statements run in parallel. Commands on one cluster run one after another: a cell waits for earlier jobs.
                """),
        Topic(
            name: "results", summary: "formats, files, pictures",
            text: """
                .mode json            the format of results; .help mode lists the formats
                .browse               the last result on the whole screen, all rows and columns: also F3 and Alt-V
                .rows 100             how many rows of a large result are shown; as many as fit the window otherwise
                .last vertical        show the last result again, without running anything
                .export all.csv       write the last result to a file; .once and .output are for the results to come
                .plot                 a chart of the last result
                .summary              what each of its columns holds: least, greatest, quartiles, NULLs
                .image DIR            draw pictures and save them in DIR
                .pager on             results go through $DBSH_PAGER, $PAGER or less -SRFX
                """),
        Topic(
            name: "kept-sessions", summary: "sessions that outlive dbsh: --session, .session, dbsh sessions",
            text: """
                dbsh --session etl -l python -c 'x = 1'    begins the session etl and leaves it to the next dbsh
                dbsh --session etl -l python -c 'x + 1'    finds its variables
                dbsh --session etl                         at a terminal, too; the prompt says session etl
                .session keep etl                          keeps the session that is running
                dbsh sessions                              lists what is kept on this machine, and who uses it
                .session forget etl                        destroys its contexts and closes its SQL session

                A session has its execution contexts (variables of Python, Scala and R), its SQL session (catalog, schema,
                settings, temporary views), its parameters, its language, its cluster and its warehouse. What the command
                line says wins. One dbsh at a time has it: another waits, and says for whom.
                Python on this machine (.help serverless) stays too, in a process of its own that dbsh sessions shows. It ends
                when the session is forgotten, when it was not used for 24 hours, at SIGTERM and with the machine: it is lost then.
                It signs in as the dbsh that began it did, and has that one's directory and environment.
                Contexts are checked when the session is taken. When one is lost, a script ends with exit code 1 before
                anything runs; --new-if-lost makes a new one and says so. Of the SQL session no API tells whether it is still
                there: the first statement shows it, and fails; with --new-if-lost it runs in a new session.
                A cluster holds about 145 contexts, and no API lists them: forget what is not needed.
                """),
        Topic(
            name: "reports", summary: "what programs read: --report, --errors json, exit codes",
            text: """
                dbsh --report run.jsonl load.dbsh       one JSON object a line: start, a cell as it ends …, end
                dbsh --report 3 load.dbsh 3>run.jsonl   the same to a descriptor; stdout keeps the results alone
                dbsh test --report run.jsonl checks/    the cells of all scripts, and a line for each script
                dbsh --errors json load.dbsh            errors and messages on stderr, one JSON object a line

                A cell's line has its place in the script, language, what it ran on, the ids there, its state (succeeded,
                failed, cancelled, timed_out, skipped), the milliseconds it queued, ran and was fetched, columns with
                types, rows, bytes, files written, and its error with class and SQLSTATE. A failure that .expect error
                wanted is "expected". share/dbsh/dbsh-report.schema.json is a JSON Schema of every line.

                --timeout 10m cancels a cell that takes longer, in the workspace too, --deadline 1h a script: exit code 124.
                --retry-cell 3 sends a statement again that only reads, when it failed for a reason that may pass.
                """),
        Topic(
            name: "files", summary: "rc.dbsh and the other files of dbsh",
            text: (Paths.known.map { Wrapping.row($0.path, $0.meaning) } + [
                "", Paths.whatMoves + ".",
                "An error in rc.dbsh is reported, and the rest of it runs all the same.",
                ".prompt, .mode and .width go well there.",
            ]).joined(separator: "\n")),
    ]

    static func named(_ name: String) -> Topic? { all.first { $0.name == name } }
}
