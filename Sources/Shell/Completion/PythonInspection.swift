import Results
import Text

/// Code that tells what names there are in a Python context. It sets no variable, imports nothing, and calls nothing of the user's:
/// attributes are looked up without the code that a class may run for them (`inspect.getattr_static`), what a call or a property
/// gives is read from its annotation, and a module that is not loaded from its file.
nonisolated enum PythonInspection {
    /// What is asked for.
    enum Question: Hashable {
        case globals
        case attributes(String)
        case arguments(String)
        case columns(String)
        case modules(String)
        case members(String)

        fileprivate var words: (kind: String, about: String) {
            switch self {
            case .globals: ("globals", "")
            case .attributes(let expression): ("attributes", expression)
            case .arguments(let call): ("arguments", call)
            case .columns(let expression): ("columns", expression)
            case .modules(let package): ("modules", package)
            case .members(let module): ("members", module)
            }
        }
    }

    struct Name: Equatable {
        let text: String
        let note: String
    }

    static func code(_ question: Question) -> String {
        let (kind, about) = question.words
        func literal(_ text: String) -> String { JSONValue.string(text).serialized() }
        return "# names for Tab\nexec(\(literal(source)), {\"scope\": globals(), \"kind\": \(literal(kind)), "
            + "\"about\": \(literal(about))})"
    }

    /// The names in what the code has printed.
    static func names(in text: String) -> [Name] {
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("[") }),
            let items = (try? JSONValue.parse(Array(line.utf8)))?.elements
        else { return [] }
        return items.compactMap { item in
            guard let pair = item.elements, pair.count == 2, let name = pair[0].text else { return nil }
            return Name(text: name, note: pair[1].text ?? "")
        }
    }

    private static let source = #"""
        import ast, builtins, functools, importlib.util, inspect, json, os, pkgutil, sys, types

        def is_a(value, kind):
            # isinstance() asks an object for its __class__, which a lazy one answers by code.
            return issubclass(type(value), kind)

        def hinted(function, owner=None):
            hint = getattr(function, "__annotations__", {}).get("return") if is_a(function, types.FunctionType) else None
            if is_a(hint, type):
                return ("type", hint)
            if not is_a(hint, str):
                return None
            name = hint.strip("\"' ").split("[")[0].split(".")[-1]
            if name == "Self" and owner is not None:
                return ("type", owner)
            found = function.__globals__.get(name)
            if not is_a(found, type):
                top = (function.__module__ or "").split(".")[0]
                for module in list(sys.modules.values()):
                    if type(module) is types.ModuleType and module.__name__.split(".")[0] == top:
                        found = vars(module).get(name)
                        if is_a(found, type):
                            break
            return ("type", found) if is_a(found, type) else None

        def attribute(base, name):
            kind, value = base
            if kind == "object" and is_a(value, types.ModuleType):
                return ("object", vars(value)[name]) if name in vars(value) else None
            owner = value if kind == "type" else type(value)
            found = inspect.getattr_static(value, name, None)
            if is_a(found, property):
                return hinted(found.fget, owner)
            if is_a(found, functools.cached_property):
                return hinted(found.func, owner)
            if is_a(found, (staticmethod, classmethod)):
                found = found.__func__
            if is_a(found, (types.MemberDescriptorType, types.GetSetDescriptorType)):
                return None
            return None if found is None else ("object", found)

        def resolved(node):
            if isinstance(node, ast.Expression):
                return resolved(node.body)
            if isinstance(node, ast.Name):
                if node.id in scope:
                    return ("object", scope[node.id])
                return ("object", vars(builtins)[node.id]) if node.id in vars(builtins) else None
            if isinstance(node, ast.Constant):
                return ("object", node.value)
            if isinstance(node, ast.Attribute):
                base = resolved(node.value)
                return attribute(base, node.attr) if base else None
            if isinstance(node, ast.Call):
                called = resolved(node.func)
                if not called or called[0] != "object":
                    return None
                if is_a(called[1], type):
                    return ("type", called[1])
                owner = None
                if isinstance(node.func, ast.Attribute):
                    base = resolved(node.func.value)
                    owner = base and (base[1] if base[0] == "type" else type(base[1]))
                return hinted(inspect.unwrap(called[1]) if is_a(called[1], types.FunctionType) else called[1], owner)
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                base = resolved(node.value)
                if base and base[0] == "object" and type(base[1]) in (dict, list, tuple):
                    try:
                        return ("object", base[1][node.slice.value])
                    except Exception:
                        return None
            return None

        def target():
            try:
                return resolved(ast.parse(about, mode="eval"))
            except SyntaxError:
                return None

        def columns(value):
            module = type(value).__module__.split(".")
            if type(value).__name__ == "DataFrame" and module[0] == "pyspark":
                return [(name, kind) for name, kind in value.dtypes]
            if type(value).__name__ == "DataFrame" and module[0] == "pandas":
                return [(name, str(kind)) for name, kind in value.dtypes.items() if isinstance(name, str)]
            if type(value) is dict:
                return [(name, type(item).__name__) for name, item in value.items() if isinstance(name, str)]
            return []

        def note(value):
            if is_a(value, (types.FunctionType, types.MethodType, staticmethod, classmethod)):
                return "function"
            if is_a(value, (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)):
                return "function"
            if is_a(value, property):
                return "property"
            return "class" if is_a(value, type) else type(value).__name__

        def own(value):
            # A class can make a property of __dict__.
            kept = [vars(parent)["__dict__"] for parent in type(value).__mro__ if "__dict__" in vars(parent)]
            if not kept or not is_a(kept[0], types.GetSetDescriptorType):
                return {}
            return object.__getattribute__(value, "__dict__")

        def attributes(base):
            kind, value = base
            found = {}
            if kind == "object" and is_a(value, types.ModuleType):
                found = {name: note(item) for name, item in vars(value).items()}
            else:
                owner = value if is_a(value, type) else type(value)
                for parent in reversed(owner.__mro__):
                    found.update({name: note(item) for name, item in vars(parent).items()})
                found.update({name: note(item) for name, item in own(value).items()} if kind == "object" else {})
            found = {name: what for name, what in found.items() if isinstance(name, str)}
            names = [(name, what) for name, what in sorted(found.items())]
            extra = columns(value) if kind == "object" else []
            return [(name, what) for name, what in extra if name.isidentifier() and type(value) is not dict] + names

        def simple(value):
            return "=" + repr(value) if type(value) in (int, float, str, bool, type(None)) else ""

        def arguments(base):
            value = base[1]
            called = value
            if is_a(value, type):
                called = inspect.getattr_static(value, "__init__", None)
            elif not is_a(value, (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial)):
                called = inspect.getattr_static(type(value), "__call__", None)
            if is_a(called, (staticmethod, classmethod)):
                called = called.__func__
            if not is_a(
                called,
                (
                    types.FunctionType,
                    types.MethodType,
                    types.BuiltinFunctionType,
                    types.MethodDescriptorType,
                    types.WrapperDescriptorType,
                    functools.partial,
                ),
            ):
                return []
            try:
                found = inspect.signature(called).parameters.values()
            except (TypeError, ValueError):
                return []
            kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
            empty = inspect.Parameter.empty
            return [
                (one.name + "=", "argument" + ("" if one.default is empty else simple(one.default)))
                for one in found
                if one.kind in kinds and one.name not in ("self", "cls")
            ]

        def places(package):
            loaded = sys.modules.get(package)
            if loaded is not None:
                return list(vars(loaded).get("__path__", []))
            first, *rest = package.split(".")
            spec = importlib.util.find_spec(first)
            paths = list(spec.submodule_search_locations or []) if spec else []
            return [os.path.join(path, *rest) for path in paths]

        def modules(package):
            if package:
                return [(one.name, "package" if one.ispkg else "module") for one in pkgutil.iter_modules(places(package))]
            found = {name: "module" for name in sys.builtin_module_names}
            found.update({one.name: "package" if one.ispkg else "module" for one in pkgutil.iter_modules()})
            return sorted(found.items())

        def members(module):
            loaded = sys.modules.get(module)
            if loaded is not None:
                found = {name: note(item) for name, item in vars(loaded).items()}
            else:
                found = {}
                package, _, last = module.rpartition(".")
                homes = places(package) if package else sys.path
                for home in homes:
                    for path in (os.path.join(home, last, "__init__.py"), os.path.join(home, last + ".py")):
                        if not found and os.path.isfile(path) and os.path.getsize(path) < 2_000_000:
                            with open(path, encoding="utf-8", errors="replace") as file:
                                tree = ast.parse(file.read())
                            for node in tree.body:
                                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                                    found[node.name] = "function"
                                elif isinstance(node, ast.ClassDef):
                                    found[node.name] = "class"
                                elif isinstance(node, ast.Assign):
                                    found.update({t.id: "" for t in node.targets if isinstance(t, ast.Name)})
                                elif isinstance(node, ast.ImportFrom):
                                    found.update({n.asname or n.name: "" for n in node.names if n.name != "*"})
            found.update({name: what for name, what in modules(module) if name not in found})
            return sorted(found.items())

        names = []
        try:
            if kind == "globals":
                names = [(name, note(value)) for name, value in list(scope.items())]
            elif kind == "modules":
                names = modules(about)
            elif kind == "members":
                names = members(about)
            else:
                base = target()
                if base and kind == "attributes":
                    names = attributes(base)
                elif base and kind == "arguments":
                    names = arguments(base)
                elif base and kind == "columns" and base[0] == "object":
                    names = columns(base[1])
        except Exception:
            pass
        print(json.dumps([[name, what] for name, what in names if kind == "columns" or not name.startswith("__")][:5000]))
        """#
}
