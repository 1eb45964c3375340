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
            ("%sh exit 4", ""),
            ("%sh false; echo after", "after"),
            ("%sh -e\necho one", "one"),
            ("print('<div>printed</div>')", "<div>printed</div>"),
            ("print('Out[1]: hello')", "Out[1]: hello"),
            ("try:\n    exit(3)\nexcept SystemExit as e: print('left', e.code)", "left 3"),
            ("get_ipython().run_cell('1/0').success", None),
            ("dbutils.notebook.exit('the value')\nprint('never')", "the value"),
            ("print('before')\ndbutils.notebook.exit('the value')", "before\nthe value"),
            ("dbutils.fs.put('/a/b.txt', 'hello', True); dbutils.fs.head('dbfs:/a/b.txt')", "Wrote 5 bytes.\n'hello'"),
            ("dbutils.fs.head('/../../a/b.txt')", "'hello'"),
            ("[(f.name, f.isDir(), f.isFile()) for f in dbutils.fs.ls('/a')]", "[('b.txt', False, True)]"),
            ("[f.isDir() for f in dbutils.fs.ls('/') if f.name == 'a/']", "[True]"),
            ("dbutils.widgets.text('w', 'default'); dbutils.widgets.get('w')", "'default'"),
            ("import warnings; warnings.warn('careful')", None),
        )
        for code, expected in cases:
            with self.subTest(code):
                found = text(code)
                if expected is None:
                    self.assertRegex(found, "careful|division by zero[^$]*False")
                else:
                    self.assertEqual(found, expected)

    def test_html_is_marked(self):
        page = context.run("print('beside')\ndisplayHTML('<b>bold</b>')")
        self.assertEqual(page, {"resultType": "html", "data": "<b>bold</b>", "text": "beside"})
        code = "class Page:\n    def _repr_html_(self): return '<i>own</i>'\n"
        self.assertEqual(context.run(code + "display(Page())")["data"], "<i>own</i>")

    def test_what_a_command_does_to_its_streams_ends_with_it(self):
        for broken in ("sys.stderr = None", "sys.stdout = None", "sys.stdout.close()", "del sys.stderr",
                       "import os; os.close(1); os.close(2)"):
            with self.subTest(broken):
                self.assertEqual(text(f"import sys; {broken}"), "")
                self.assertEqual(text("print('out'); print('err', file=sys.stderr)"), "out\nerr")
        self.assertEqual(text("import io; sys.stdout = kept = io.StringIO(); print('kept')"), "")
        self.assertEqual(text("sys.stdout = sys.__stdout__; kept.getvalue()"), "'kept\\n'")

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
            ("%sh -e\nexit 4", "CommandFailed: the shell command ended with status 4"),
            ("%sh -e false\necho not reached", "CommandFailed: the shell command ended with status 1"),
            ("%no_such_magic", "UsageError: Line magic function `%no_such_magic` not found."),
            ("%%no_such_magic\nx", "UsageError: Cell magic `%%no_such_magic` not found."),
            ("raise ExceptionGroup('two', [ValueError('a'), OSError('b')])", "ExceptionGroup: two (2 sub-exceptions)"),
            ("quit('enough')", "SystemExit: enough"),
            ("exit()", "SystemExit"),
            ("import bdb; raise bdb.BdbQuit", "BdbQuit"),
            ("dbutils.fs.ls('/no/such')", "FileNotFoundError: [Errno 2] No such file or directory: dbfs:/no/such"),
            ("dbutils.fs.mkdirs('/f'); dbutils.fs.cp('/f', '/c')", "IsADirectoryError: dbfs:/f is a directory"),
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
                self.assertNotIn(worker.folder, results["cause"])
                self.assertNotIn("interactiveshell", results["cause"])
                self.assertNotIn("not reached", results.get("data", ""))

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
        shown = context.run("figure, axes = plt.subplots(); axes.plot([1, 2]); display(figure)")
        self.assertEqual(shown["resultType"], "image", "a figure that was shown is not shown again at the end")
        self.assertEqual(context.run("display(axes)")["resultType"], "image")

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

    def test_files_of_the_engine_are_not_in_the_way_of_the_users_own(self):
        self.assertEqual(text("open('errors.py', 'w').write('mine = 1');"), "")
        self.assertEqual(text("import errors; errors.mine"), "1")
        code = "import importlib.util as u; [n for n in ('session', 'context', 'worker', 'run', 'protocol') if u.find_spec(n)]"
        self.assertEqual(text(code), "[]")

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
        around = context.run("print('before')\ndisplay(spark.range(1))\nprint('after', end='')")
        self.assertEqual((around["data"], around["text"], around["textAfter"]), ([[0]], "before", "after"))
        self.assertEqual(context.run("spark.range(1).display()")["data"], [[0]])
        self.assertEqual(context.run("display(spark.range(2).collect())")["data"], [[0], [1]])
        self.assertEqual(context.run("display(spark.range(1), 'a stream')").get("text"), None)
        code = "class Frame(pd.DataFrame): pass\ndisplay(Frame({'a': [1]}))"
        self.assertEqual(context.run(code)["data"], [[1]])
        self.assertEqual(context.run("display(pd.Series([1, 2], name='n').plot())")["resultType"][:5], "image")
        mixed = context.run("display(pd.DataFrame({'a': [1, 'x']}))")
        self.assertEqual(mixed["data"], [["1"], ["x"]])

    def test_several_things_are_shown_in_order(self):
        code = "print('a')\ndisplay(spark.range(1))\nprint('b')\ndisplay(spark.range(2))\nprint('c')"
        several = context.run(code)
        self.assertEqual(several["data"], [[0], [1]])
        self.assertEqual([part and part["data"] for part in several["parts"]], ["a", [[0]], "b", None, "c"])
        self.assertNotIn("text", several)
        mixed = context.run("displayHTML('<b>x</b>')\ndisplay(pd.Series([1, 2]).plot())\ndisplay(spark.range(1))")
        kinds = [part and part["resultType"] for part in mixed["parts"]]
        self.assertEqual((mixed["resultType"], kinds), ("table", ["html", "image", None]))
        pages = context.run("displayHTML('<b>x</b>')\ndisplayHTML('<b>y</b>')")
        self.assertEqual(pages, {"resultType": "html", "data": "<b>x</b>\n<b>y</b>"})
        failed = context.run("print('a')\ndisplay(spark.range(1))\nprint('b')\n1 / 0")
        self.assertIn("ZeroDivisionError", failed["summary"])
        self.assertEqual([part["data"] for part in failed["parts"]], ["a", [[0]], "b"])

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
