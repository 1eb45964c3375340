"""Python (and R) commands of an execution context."""

import html
import os
import re
import shutil
import unittest

from processes import Context, Worker

worker = None
context = None


def setUpModule():
    global worker, context
    worker = Worker()
    context = Context(worker, "shared", attach=False)


def tearDownModule():
    context.close()
    worker.close()


def attach():
    """Before the first test that needs Spark; attaching twice does nothing."""
    context.send("attach", **worker.gateway)


def text(code, language="python"):
    results = context.run(code, language)
    if results["resultType"] != "text":
        raise AssertionError(f"{code}: {results}")
    return results["data"]


class WithoutSpark(unittest.TestCase):
    def test_text(self):
        cases = (
            ("1 + 1", "2"),
            ("x = 1\nprint('hi')\nx + 41", "hi\n42"),
            ("x", "1"),
            ("'a string'", "'a string'"),
            ("None", ""),
            ("1;", ""),
            ("", ""),
            ("import sys; print('to stderr', file=sys.stderr)", "to stderr"),
            ("print('no newline', end='')", "no newline"),
            ("print('é漢字 🥐')", "é漢字 🥐"),
            ("!echo from a child", "from a child"),
            ("%sh echo a; echo b >&2\necho c", "a\nb\nc"),
            ("import os; os.write(1, b'raw\\n');", "raw"),
            ("displayHTML('<b>bold</b>')", "<b>bold</b>"),
            ("dbutils.notebook.exit('the value')\nprint('never')", "the value"),
            ("dbutils.fs.put('/a/b.txt', 'hello', True); dbutils.fs.head('dbfs:/a/b.txt')", "Wrote 5 bytes.\n'hello'"),
            ("dbutils.fs.head('/../../a/b.txt')", "'hello'"),
            ("dbutils.widgets.text('w', 'default'); dbutils.widgets.get('w')", "'default'"),
            ("import warnings; warnings.warn('careful')", None),
        )
        for code, expected in cases:
            with self.subTest(code):
                found = text(code)
                self.assertEqual(found, expected) if expected is not None else self.assertIn("careful", found)

    def test_errors(self):
        cases = (
            ("def f(a):\n    return 1 / a\n\nf(0)", "ZeroDivisionError: division by zero"),
            ("for i in range(3) print(i)", "SyntaxError: invalid syntax"),
            ("undefined_name", "NameError: name 'undefined_name' is not defined"),
            ("raise ValueError('a <b>\\nc')", "ValueError: a <b>"),
            ("import sys; sys.exit(3)", "SystemExit: 3"),
            ("input()", "EOFError"),
            ("%fs ls", "CommandFailed: %fs ls: missing a required argument: 'path'; usage: %fs ls PATH"),
            ("%fs", "CommandFailed: usage: %fs ls|head|put|cp|mv|rm|mkdirs PATH …"),
            ("%sh exit 4", "CommandFailed: the shell command ended with status 4"),
            ("dbutils.secrets.get('a', 'b')", "NotImplementedError: dbutils.secrets is not available"),
        )
        for code, expected in cases:
            with self.subTest(code):
                results = context.run(code)
                self.assertEqual(results["resultType"], "error", results)
                summary = html.unescape(re.sub(r"<[^>]*>", "", results["summary"].replace("&lt;", "\x00"))).replace(
                    "\x00", "<"
                )
                self.assertTrue(summary.startswith(expected), summary)
                self.assertNotIn("\n", results["summary"])

    def test_a_traceback_has_colours_and_names_the_command(self):
        results = context.run("print('before')\ndef g():\n    return {}['key']\ng()")
        self.assertIn("\x1b[", results["cause"])
        self.assertNotIn("\x1b[", results["summary"])
        plain = re.sub(r"\x1b\[[0-9;]*m", "", results["cause"])
        self.assertRegex(plain, r"File <command-\d+>:3, in g\(\)")
        self.assertEqual(results["data"], "before\n")

    def test_figures(self):
        one = context.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]); print('drawn')")
        self.assertEqual((one["resultType"], one["data"]), ("image", "drawn"))
        self.assertTrue(one["fileName"].startswith("data:image/png;base64,iVBOR"))
        two = context.run("for i in range(2):\n    plt.figure(); plt.plot([i]); plt.show()")
        self.assertEqual((two["resultType"], len(two["fileNames"])), ("images", 2))

    def test_pictures_of_other_formats(self):
        code = "import io\nfrom IPython.display import Image, display as show\nfrom PIL import Image as Pillow\n"
        code += "def drawn(kind):\n    file = io.BytesIO(); Pillow.new('RGB', (3, 3)).save(file, kind)\n"
        code += "    return Image(data=file.getvalue(), format=kind)"
        context.run(code)
        for kind, start in (("jpeg", "/9j/"), ("gif", "R0lGOD"), ("webp", "UklGR")):
            # As the value of the last expression, and shown.
            for shown in (f"drawn('{kind}')", f"show(drawn('{kind}'))"):
                with self.subTest(shown):
                    results = context.run(shown)
                    self.assertEqual(results["resultType"], "image")
                    self.assertTrue(results["fileName"].startswith(f"data:image/{kind};base64,{start}"), results)

    def test_a_large_picture_is_a_file_of_dbfs(self):
        code = "import os\nfrom IPython.display import Image, display as show\n"
        code += "data = b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(600_000)\nshow(Image(data=data, format='png'))"
        results = context.run(code)
        self.assertEqual(results["resultType"], "image")
        self.assertRegex(results["fileName"], r"^/plots/[0-9a-f-]{36}\.png$")
        with open(os.path.join(worker.folder, "dbfs/FileStore") + results["fileName"], "rb") as file:
            self.assertEqual(len(file.read()), 600_008)

    def test_cancelling(self):
        for code in ("import time\nwhile True: time.sleep(0.01)", "sum(i for i in range(10**12))", "!sleep 600"):
            with self.subTest(code):
                command = context.submit("kept = 7; print('begun')\n" + code)
                waiting = context.submit("'never run'")
                while context.event(command)["ev"] != "out":
                    pass
                context.send("cancel", id=waiting)
                self.assertTrue(context.last(waiting)["canceled"])
                context.send("cancel", id=command)
                event = context.last(command)
                self.assertTrue(event["canceled"])
                self.assertIn("CommandCancelledException", event["results"]["cause"])
        self.assertEqual(text("kept"), "7")

    def test_cancelling_does_not_break_off_what_would_stay_broken(self):
        """An interrupted import leaves a part of its modules behind, and IPython imports to format an error."""
        wait = "r, w = os.pipe()\nos.set_blocking(w, False)\nsignal.set_wakeup_fd(w)\nprint('begun')\n"
        wait += "os.read(r, 1)\nsignal.set_wakeup_fd(-1)\n"  # returns when the signal has come
        module = f"import os, signal\n{wait}whole = True\n"
        text(f"open('imported_slowly.py', 'w').write({module!r});")
        error = f"import os, signal\ndef wait():\n    {wait.replace(chr(10), chr(10) + '    ')}\n"
        error += "class Slow(Exception):\n    def __str__(self):\n        if not formatted:\n            wait()\n"
        error += "            formatted.append(True)\n        return 'slow'\nformatted = []\nraise Slow()"
        for code, check in (
            ("import imported_slowly\nimport time\ntime.sleep(600)", "import imported_slowly; imported_slowly.whole"),
            (error, "formatted == [True]"),
        ):
            with self.subTest(code):
                command = context.submit(code)
                while context.event(command)["ev"] != "out":
                    pass
                context.send("cancel", id=command)
                self.assertTrue(context.last(command)["canceled"])
                self.assertEqual(text(check), "True")

    def test_r(self):
        if shutil.which("Rscript") is None:
            self.assertIn("Rscript was not found", context.run("1 + 1", "r")["summary"])
            return
        self.assertEqual(text("x <- 20; x * 2", "r"), "[1] 40")
        self.assertIn("boo", context.run("stop('boo')", "r")["summary"])
        self.assertEqual(text("x", "r"), "[1] 20")


class WithSpark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        attach()

    def test_spark(self):
        self.assertEqual(text("print(spark.range(5).count())"), "5")
        self.assertEqual(text("sc.parallelize(range(4)).map(lambda x: x * x).sum()"), "14")
        udf = (
            "from pyspark.sql.functions import udf\nspark.range(2).select(udf(lambda x: x + 1, 'long')('id')).collect()"
        )
        self.assertIn("=1)", text(udf))

    def test_a_table_made_by_sql(self):
        worker.rows("CREATE OR REPLACE TABLE main.default.seen AS SELECT 7 AS n")
        self.assertEqual(text("spark.table('main.default.seen').first().n"), "7")
        self.assertEqual(text("spark.sql('insert into seen values (8)'); spark.table('seen').count()"), "2")
        self.assertEqual(worker.rows("SELECT sum(n) FROM main.default.seen"), [["15"]])

    def test_the_context_is_one_session(self):
        worker.sql("CREATE OR REPLACE TEMP VIEW five AS SELECT 5 AS n", "shared", results="command")
        self.assertEqual(text("spark.table('five').first().n"), "5")
        worker.sql("SELECT 6 AS n", "shared", results="command")
        self.assertEqual(text("_sqldf.first().n"), "6")
        self.assertEqual(context.run("%sql SELECT * FROM five")["data"], [[5]])
        self.assertEqual(text("_sqldf.first().n"), "5")
        self.assertEqual(worker.sql("SELECT * FROM five", "somebody else")["ev"], "error")

    def test_display(self):
        table = context.run("print('shown')\ndisplay(spark.range(2).selectExpr('id', 'array(id) AS a'))")
        self.assertEqual((table["resultType"], table["data"]), ("table", [[0, [0]], [1, [1]]]))
        self.assertEqual((table["schema"][0]["type"], table["text"]), ('"long"', "shown"))
        pandas = context.run("import pandas as pd\ndisplay(pd.DataFrame({'a': [1, 2], 'b': ['x', None]}))")
        self.assertEqual(pandas["data"], [[1, "x"], [2, None]])
        mixed = context.run("display(pd.DataFrame({'a': [1, 'x']}))")
        self.assertEqual(mixed["data"], [["1"], ["x"]])

    def test_display_is_cut(self):
        rows = context.run("display(spark.range(10001))")
        self.assertEqual((len(rows["data"]), rows["truncated"]), (10000, True))
        size = context.run("display(spark.range(100).selectExpr(\"repeat('x', 100000)\"))")
        self.assertTrue(size["truncated"] and len(size["data"]) < 25)

    def test_spark_errors(self):
        results = context.run("spark.sql('select * from nowhere')")
        self.assertRegex(results["summary"], r"AnalysisException</span>: \[TABLE_OR_VIEW_NOT_FOUND\]")
        self.assertIn("Spark belongs to", text("spark.stop()"))

    def test_cancelling_a_job_leaves_the_connection_sound(self):
        for _ in range(2):
            command = context.submit("print('begun')\nspark.range(10**13).selectExpr('sum(sqrt(id))').collect()")
            while context.event(command)["ev"] != "out":
                pass
            context.send("cancel", id=command)
            self.assertTrue(context.last(command)["canceled"])
            self.assertEqual(text("spark.range(7).count()"), "7")


if __name__ == "__main__":
    unittest.main()
