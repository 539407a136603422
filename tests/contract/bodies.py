"""The ways in which clients write one and the same body."""


def flat(value, name=""):
    """PHP's names: ``{"a": {"b": [1]}}`` is ``a[b][]=1``, and ``{"a": [{"b": 1}]}`` is ``a[0][b]=1``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            # Two keys of one line need its number: each ``[]`` is a new entry.
            yield from flat(inner, f"{name}[{number if isinstance(inner, dict) else ''}]")
    else:
        yield name, str(int(value) if isinstance(value, bool) else value)


def _form(body):
    form = {}
    for name, text in flat(body):
        form.setdefault(name, []).append(text)
    return form


def urlencoded(body):
    return {"data": _form(body), "content_type": "application/x-www-form-urlencoded"}


def multipart(body):
    return {"data": _form(body), "content_type": "multipart/form-data"}


def json(body):
    return {"json": body}


def json_of_texts(body):
    """What clients send that know no types: every value a text."""
    return {"json": _texts(body)}


def json_with_php_names(body):
    """Nested names as the keys of a flat object."""
    numbered = {}
    for name, text in flat(body):
        number = sum(key.startswith(name[:-1]) for key in numbered) if name.endswith("[]") else ""
        numbered[f"{name[:-1]}{number}]" if name.endswith("[]") else name] = text
    return {"json": numbered}


def _texts(value):
    if isinstance(value, dict):
        return {key: _texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return str(int(value) if isinstance(value, bool) else value)


ENCODINGS = (multipart, urlencoded, json, json_of_texts, json_with_php_names)
