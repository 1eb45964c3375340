"""What a command shows beside its text (tables, pictures, HTML) and the results object made of all that."""

import base64
import io
import json
import os
import uuid

from commands import summary
from protocol import to_json

TABLE_ROWS = 10_000
TABLE_BYTES = 2 << 20
# A larger picture is not in the result: it is a file of DBFS, and the result says which.
PICTURE_BYTES = 512 << 10


class Shown:
    """What the running command has shown so far."""

    def __init__(self, link, dbfs):
        """`dbfs` is the folder of DBFS."""
        self._link = link
        self._plots = os.path.join(dbfs, "FileStore", "plots")
        self.begin()

    def begin(self):
        self.tables = []  # results objects, as JSON text
        self.pictures = []  # data URLs, and paths below FileStore
        self.html = []

    # Showing ------------------------------------------------------------------------------------------------------

    def display(self, *things, **options):
        """`display` of a notebook: tables for frames, pictures for figures, what IPython makes of anything else."""
        for thing in things:
            kind = type(thing).__module__.split(".")[0], type(thing).__name__
            if kind == ("pandas", "DataFrame"):
                self.add_pandas(thing)
            elif kind == ("pandas", "Series"):
                self.add_pandas(thing.to_frame())
            elif kind == ("pyspark", "DataFrame"):
                self.add_frame(thing)
            elif kind == ("matplotlib", "Figure"):
                self.add_figure(thing)
            elif isinstance(thing, list) and thing and isinstance(thing[0], tuple) and hasattr(thing[0], "_fields"):
                # What dbutils.fs.ls answers.
                self._add_rows(thing)
            else:
                from IPython.display import display

                display(thing, **options)

    def display_html(self, html):
        self.html.append(str(html))

    def add_frame(self, frame):
        self.tables.append(self._link.table(frame, TABLE_ROWS, TABLE_BYTES))

    def add_pandas(self, frame):
        rows = frame.head(TABLE_ROWS + 1)
        rows.columns = [str(name) for name in rows.columns]
        self.tables.append(self._link.pandas_table(rows, TABLE_ROWS, TABLE_BYTES))

    def _add_rows(self, rows):
        types = {int: '"long"', float: '"double"', bool: '"boolean"'}
        schema = [
            {"name": name, "type": types.get(type(getattr(rows[0], name)), '"string"'), "metadata": "{}"}
            for name in rows[0]._fields
        ]
        data = [list(row) for row in rows[:TABLE_ROWS]]
        truncated = len(rows) > TABLE_ROWS
        self.tables.append(
            to_json(
                {"resultType": "table", "isJsonSchema": True, "truncated": truncated, "schema": schema, "data": data}
            )
        )

    def add_figure(self, figure):
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight")
        self._add_picture(picture.getvalue(), "png")

    def _add_picture(self, data, kind):
        """A picture as bytes, or as the base64 text that IPython makes of it."""
        if not isinstance(data, bytes):
            data = base64.b64decode(data)
        if len(data) <= PICTURE_BYTES:
            self.pictures.append(f"data:image/{kind};base64," + base64.b64encode(data).decode())
            return
        os.makedirs(self._plots, exist_ok=True)
        name = f"{uuid.uuid4()}.{kind}"
        with open(os.path.join(self._plots, name), "wb") as file:
            file.write(data)
        self.pictures.append("/plots/" + name)

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
            self.html.append(data["text/html"])
        elif "text/plain" in data:
            print(data["text/plain"])

    # The results object -------------------------------------------------------------------------------------------

    def results(self, text):
        """The 1.2 API's object for a command that went well, as JSON text."""
        text = text.removesuffix("\n")
        if self.tables:
            table = self.tables[-1]
            return table[:-1] + f',"text":{json.dumps(text, ensure_ascii=False)}}}' if text else table
        if self.pictures:
            if len(self.pictures) == 1:
                results = {"resultType": "image", "fileName": self.pictures[0]}
            else:
                results = {"resultType": "images", "fileNames": self.pictures}
            return to_json(results | ({"data": text} if text else {}))
        return to_json({"resultType": "text", "data": "\n".join([text] * bool(text) + self.html)})


def failure(name, message, cause, text):
    """The results object of a command that failed, as JSON text."""
    results = {"resultType": "error", "summary": summary(message, name), "cause": cause}
    return to_json(results | ({"data": text} if text else {}))
