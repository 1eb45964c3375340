import Support
import Testing

/// Notebooks with values: widgets, `-P`, `:name` in their SQL, `%run` and `.save` with paths of the workspace.
@Suite(.enabled(if: SparkEngine.installation != nil, "no engine is installed"), .timeLimit(.minutes(10)))
struct NotebookValuesSparkTests {
    private static let notebook = """
        # Databricks notebook source
        dbutils.widgets.text("day", "2000-01-01")
        dbutils.widgets.dropdown("region", "eu", ["eu", "us"])
        print(dbutils.widgets.get("day"))
        # COMMAND ----------
        # MAGIC %run ./setup
        # COMMAND ----------
        # MAGIC %sql
        # MAGIC SELECT day_after(CAST(:day AS DATE)) AS next, :region AS region, 'o''clock :day' AS text
        # COMMAND ----------
        dbutils.notebook.exit("done with " + dbutils.widgets.get("day"))
        # COMMAND ----------
        print("never")
        """
    private static let setup = """
        # Databricks notebook source
        # MAGIC %sql
        # MAGIC CREATE OR REPLACE TEMPORARY FUNCTION day_after(d DATE) RETURNS DATE RETURN d + 1
        """

    @Test func valuesReachWidgetsAndSQL() async throws {
        let workspace = try await ServedWorkspace.shared()
        let scratch = try ScratchDirectory()
        try scratch.write(Self.notebook, to: "daily.py")
        try scratch.write(Self.setup, to: "setup.py")
        var environment = workspace.environment
        environment["HOME"] = scratch.path
        let result = try await ShellCommand(
            """
            dbsh() { command dbsh -X -q -m csv "$@"; }
            dbsh -P day=2024-01-02 daily.py
            echo 'dbutils.widgets.text("n", "5")' > w.py
            dbsh -c '%run w.py' -c '.target warehouse' -c 'select :n as n, typeof(:n) as t'
            W=/Workspace/Users/me@local/values; dbsh -c ".mkdir $W" -c ".put --overwrite daily.py setup.py $W/"
            rm setup.py daily.py
            dbsh -P day=2024-02-28 -c "%run $W/daily"
            printf '# Databricks notebook source\\nspark.sql("select 9").count()\\n' > setup2.py
            dbsh -c "select 1 as one" -c ".save $W/saved.py"; dbsh -c ".cat $W/saved" -c ".ls -l $W" | grep -c notebook
            dbsh -c "select 1 as one" -c ".save $W/saved.py"; echo $?; dbsh -c ".rm -r $W"
            """, in: scratch.path, environment: environment
        ).run()
        #expect(
            result.output
                == """
                2024-01-02
                next,region,text
                2024-01-03,eu,o'clock :day
                done with 2024-01-02
                n,t
                5,string
                2024-02-28
                next,region,text
                2024-02-29,eu,o'clock :day
                done with 2024-02-28
                one
                1
                4
                one
                1
                2

                """, "\(result.errors)")
        #expect(result.errors.contains("is there already") && result.errors.contains("--overwrite"), "\(result.errors)")
    }
}
