"""What the scripts that drive the SDK share."""
import json


def plain(value):
    return value.as_dict() if hasattr(value, "as_dict") else getattr(value, "value", value)


def step(name, call):
    """Prints what the call gives, or the exception's class and text; returns the value."""
    try:
        value = call()
        print(json.dumps({"step": name, "value": plain(value)}, default=str), flush=True)
        return value
    except Exception as error:
        print(json.dumps({"step": name, "error": type(error).__name__, "message": str(error)}), flush=True)
        return None
