"""What a command shows beside its text (tables, pictures, HTML) and the results object made of all that."""

import base64
import io
import os
import sys
import uuid

from .commands import summary
from .protocol import to_json

TABLE_ROWS = 10_000
TABLE_BYTES = 2 << 20
# What the tables of one command may take together, as the outputs of a notebook's cell.
TABLES_BYTES = 20 << 20
# A larger picture is not in the result: it is a file of DBFS, and the result says which.
PICTURE_BYTES = 512 << 10
LEFT_OUT = "(a table is not shown: the tables of this command take more than 20 MB)"


class Shown:
    """What the running command has shown so far."""

    def __init__(self, link, dbfs):
        """`dbfs` is the folder of DBFS; without one, every picture is in the result."""
        self._link = link
        self._plots = dbfs and os.path.join(dbfs, "FileStore", "plots")
        self.begin()

    def begin(self, mark=lambda: 0):
        """A command begins. `mark` notes how much it has printed by now, and gives the note's number."""
        self._mark = mark
        # (kind, thing, mark) in the order shown: of a table the results object as JSON text, of a picture its data URL or
        # path below FileStore, else a text.
        self._parts = []
        self._bytes = 0
        self._figures = []

    def _add(self, kind, thing):
        self._parts.append((kind, thing, self._mark()))

    # Showing ------------------------------------------------------------------------------------------------------

    def display(self, *things, **options):
        """`display` of a notebook: tables for frames, pictures for figures, what IPython makes of anything else."""
        for thing in things:
            show = next((SHOWN_AS[kind] for kind in kinds(thing) if kind in SHOWN_AS), None)
            if show is not None:
                show(self, thing)
                if show in TABLES and all(isinstance(other, str) for other in things[1:]):
                    return  # display(frame, "name of a stream")
            elif isinstance(thing, (list, tuple)) and thing and isinstance(thing[0], tuple):
                self._display_rows(thing, options)
            else:
                self._display_other(thing, options)

    def _display_rows(self, rows, options):
        if hasattr(rows[0], "_fields"):
            self._add_rows(rows)  # what dbutils.fs.ls answers
        elif hasattr(rows[0], "__fields__"):
            self.add_frame(self._link.spark.createDataFrame(list(rows)))  # Spark's rows: collect(), take()
        else:
            self._display_other(rows, options)

    def _display_other(self, thing, options):
        from IPython.display import display

        display(thing, **options)

    def display_html(self, html):
        self._add("html", str(html))

    def add_frame(self, frame):
        self._add_table(self._link.table(frame, TABLE_ROWS, TABLE_BYTES))

    def add_pandas(self, frame):
        rows = frame.head(TABLE_ROWS + 1)
        rows.columns = [str(name) for name in rows.columns]
        self._add_table(self._link.pandas_table(rows, TABLE_ROWS, TABLE_BYTES))

    def _add_table(self, results):
        self._bytes += len(results)
        # The last one is the command's result: it is kept, whatever came before it.
        for at, (kind, table, mark) in enumerate(self._parts):
            if self._bytes <= TABLES_BYTES:
                break
            if kind == "table":
                self._bytes -= len(table)
                self._parts[at] = ("text", LEFT_OUT, mark)
        self._add("table", results)

    def _add_series(self, series):
        self.add_pandas(series.to_frame())

    def _add_pandas_on_spark(self, frame):
        self.add_frame((frame.to_frame() if hasattr(frame, "to_frame") else frame).to_spark())

    def _add_polars(self, frame):
        import pandas

        if hasattr(frame, "to_frame"):
            frame = frame.to_frame()
        frame = frame.head(TABLE_ROWS + 1)
        frame = frame.collect() if hasattr(frame, "collect") else frame
        columns = {name: pandas.Series(values) for name, values in frame.to_dict(as_series=False).items()}
        self.add_pandas(pandas.DataFrame(columns, columns=frame.columns))

    def _add_rows(self, rows):
        types = {int: '"long"', float: '"double"', bool: '"boolean"'}
        schema = [
            {"name": name, "type": types.get(type(getattr(rows[0], name)), '"string"'), "metadata": "{}"}
            for name in rows[0]._fields
        ]
        data = [list(row) for row in rows[:TABLE_ROWS]]
        truncated = len(rows) > TABLE_ROWS
        self._add_table(
            to_json(
                {"resultType": "table", "isJsonSchema": True, "truncated": truncated, "schema": schema, "data": data}
            )
        )

    def add_figure(self, figure):
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight")
        self._add_picture(picture.getvalue(), "png")
        self._figures.append(figure)

    def close_figures(self):
        """At the end of a command matplotlib shows the figures that are open: those that were shown are not among them."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        for figure in self._figures:
            pyplot and pyplot.close(figure)

    def _add_axes(self, axes):
        self.add_figure(axes.get_figure())

    def _add_plotly(self, figure):
        """A picture when there is the package that makes one; else the page, as a notebook has it."""
        try:
            self._add_picture(figure.to_image("png"), "png")
        except Exception:
            self.display_html(figure.to_html(include_plotlyjs="cdn", full_html=False))

    def _add_altair(self, chart):
        picture = io.BytesIO()
        try:
            chart.save(picture, format="png")
        except Exception:
            self.display_html(chart.to_html())
        else:
            self._add_picture(picture.getvalue(), "png")

    def _add_picture(self, data, kind):
        """A picture as bytes, or as the base64 text that IPython makes of it."""
        if not isinstance(data, bytes):
            data = base64.b64decode(data)
        if self._plots is None or len(data) <= PICTURE_BYTES:
            self._add("image", f"data:image/{kind};base64," + base64.b64encode(data).decode())
            return
        os.makedirs(self._plots, exist_ok=True)
        name = f"{uuid.uuid4()}.{kind}"
        with open(os.path.join(self._plots, name), "wb") as file:
            file.write(data)
        self._add("image", "/plots/" + name)

    def add_picture_of(self, data):
        """The picture among what IPython makes of a value, by MIME type; False when it made none."""
        for kind in ("png", "jpeg", "gif", "webp"):
            if f"image/{kind}" in data:
                self._add_picture(data[f"image/{kind}"], kind)
                return True
        return False

    def add_bundle(self, data):
        """What IPython would show, by MIME type."""
        if self.add_picture_of(data):
            return
        if "text/html" in data:
            self.display_html(data["text/html"])
        elif "text/plain" in data:
            print(data["text/plain"])

    # The results object -------------------------------------------------------------------------------------------

    def results(self, text, marks):
        """The 1.2 API's object for a command that went well, as JSON text.

        `text` is what it has printed, `marks` how much of that there was at each mark.
        """
        shown = [kind for kind, _, _ in self._parts]
        parts = ""
        own = last_of("table", shown)
        if shown.count("table") > 1 or len(set(shown)) > 1:
            parts = ',"parts":[' + ",".join(self._in_order(text, marks, own)) + "]"
        if "table" in shown:
            _, table, mark = self._parts[own]
            around = {"text": text[: marks[mark]], "textAfter": text[marks[mark] :]}
            return with_members(table, {} if parts else around, parts)
        text = text.removesuffix("\n")
        pictures, pages = ([thing for kind, thing, _ in self._parts if kind == wanted] for wanted in ("image", "html"))
        if len(pictures) > 1:
            return with_members(to_json({"resultType": "images", "fileNames": pictures}), {"data": text}, parts)
        if pictures:
            return with_members(results_of("image", pictures[0]), {"data": text}, parts)
        if pages:
            # Marked as what it is: a text that a program printed may look the same.
            return with_members(results_of("html", "\n".join(pages)), {"text": text}, parts)
        return results_of("text", text)

    def before(self, text, marks):
        """What a command that failed has shown and printed, as members of its results object, with a comma before each."""
        if self._parts:
            return ',"parts":[' + ",".join(self._in_order(text, marks, own=None)) + "]"
        return ',"data":' + to_json(text) if text else ""

    def _in_order(self, text, marks, own):
        """Yields all that was shown and printed as results objects; null is the one at `own`, the command's own result."""
        begin = 0
        for at, (kind, thing, mark) in enumerate(self._parts):
            yield from printed(text[begin : marks[mark]])
            begin = marks[mark]
            yield "null" if at == own else results_of(kind, thing)
        yield from printed(text[begin:])


def last_of(kind, kinds):
    return max((at for at, other in enumerate(kinds) if other == kind), default=None)


def printed(text):
    text = text.removesuffix("\n")
    return [results_of("text", text)] if text else []


def results_of(kind, thing):
    """The results object of one thing, as JSON text; a table's is that already."""
    return thing if kind == "table" else to_json({"resultType": kind, "fileName" if kind == "image" else "data": thing})


def with_members(results, texts, parts):
    """A results object with the texts that are not empty, and `parts`."""
    members = {name: part.removesuffix("\n") for name, part in texts.items() if part}
    return results[:-1] + ("," + to_json(members)[1:-1] if members else "") + parts + "}"


def kinds(thing):
    """What a value is, as (package, type) of its class and the classes above."""
    for kind in type(thing).__mro__:
        package = kind.__module__.split(".")
        yield ".".join(package[:2]) if package[:2] == ["pyspark", "pandas"] else package[0], kind.__name__


def display_frame(frame, *options, **more):
    """The method `display` of Spark's frames in a notebook."""
    from IPython import get_ipython

    get_ipython().shown.display(frame)


# By package and type, so that nothing is imported which the user does not use.
SHOWN_AS = {
    ("pandas", "DataFrame"): Shown.add_pandas,
    ("pandas", "Series"): Shown._add_series,
    ("polars", "DataFrame"): Shown._add_polars,
    ("polars", "LazyFrame"): Shown._add_polars,
    ("polars", "Series"): Shown._add_polars,
    ("pyspark", "DataFrame"): Shown.add_frame,
    ("pyspark.pandas", "DataFrame"): Shown._add_pandas_on_spark,
    ("pyspark.pandas", "Series"): Shown._add_pandas_on_spark,
    ("matplotlib", "Figure"): Shown.add_figure,
    ("matplotlib", "Axes"): Shown._add_axes,
    ("plotly", "BaseFigure"): Shown._add_plotly,
    ("altair", "TopLevelMixin"): Shown._add_altair,
}
TABLES = {show for (package, _), show in SHOWN_AS.items() if package not in ("matplotlib", "plotly", "altair")}


def failure(name, message, cause, before):
    """The results object of a command that failed, as JSON text; `before` has the members about what it has shown."""
    return with_members(to_json({"resultType": "error", "summary": summary(message, name), "cause": cause}), {}, before)
