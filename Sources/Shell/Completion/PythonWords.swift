/// Names of Python that every session has.
nonisolated enum PythonWords {
    /// docs.python.org, "Built-in Functions" and "Built-in Exceptions".
    static let builtins: [String] = words(
        """
        abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir \
        divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance \
        issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr reversed \
        round set setattr slice sorted staticmethod str sum super tuple type vars zip ArithmeticError AssertionError AttributeError \
        Exception FileNotFoundError ImportError IndexError KeyError KeyboardInterrupt NameError NotImplementedError OSError \
        RuntimeError StopIteration TypeError ValueError ZeroDivisionError
        """)

    /// What Databricks puts into a session (docs: notebooks, Databricks Utilities).
    static let session: [String] = words("dbutils display displayHTML sc spark sql sqlContext table")

    /// Modules that are there before a context can be asked.
    static let modules: [String] = words(
        """
        argparse ast asyncio base64 bisect collections contextlib copy csv dataclasses datetime decimal enum fractions functools \
        glob gzip hashlib heapq importlib inspect io itertools json logging math matplotlib multiprocessing numpy operator os pandas \
        pathlib pickle platform pprint pyspark queue random re shutil signal socket sqlite3 statistics string struct subprocess sys \
        tempfile textwrap threading time traceback types typing unittest urllib uuid warnings zipfile zoneinfo
        """)

    private static func words(_ list: String) -> [String] { list.split(separator: " ").map(String.init) }
}
