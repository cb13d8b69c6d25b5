"""
Both payload dialects to attrs classes and back, as hooks of cattrs converters.

Two converters read a dialect. The quick one reads what an answer normally looks like and gives up on anything else; the
patient one then reads the same answer again, knows where it is, and decides what is drift and what is an error.
"""

from typing import Any

from wxunion_async._values import Dialect

from .patient import Place, Reading, read_place
from .quick import quick_converter
from .shapes import ModelError, check, wire_name
from .write import Form, writing_converter

__all__ = ["ModelError", "Reading", "prepare", "read_patiently", "read_quickly", "unstructure", "wire_name"]


def prepare(request: Any, answer: Any, dialect: Dialect) -> None:
    """
    Make, once, what writes a request and what reads its answer quickly.

    Raises:
        ModelError: nothing can be read into ``answer``, or the fields of ``request`` have no types that can be written;
            the message names the field.

    """
    check(answer, dialect)
    quick_converter(dialect).get_structure_hook(answer)
    writing_converter(dialect, "request").get_unstructure_hook(request)


def read_quickly(kind: Any, value: object, dialect: Dialect) -> Any:
    """Structure ``value`` as ``kind``; raises any ``Exception`` where only the patient reading may judge."""
    return quick_converter(dialect).structure(value, kind)


def read_patiently(kind: Any, value: object, dialect: Dialect, reading: Reading, path: str = "") -> Any:
    """
    Structure ``value`` as ``kind`` and note in ``reading`` what drifted.

    Args:
        kind: an attrs class, or anything that a field may be.
        value: the JSON value.
        dialect: how wire names are written.
        reading: how strict to be, and what was found.
        path: where ``value`` stands in the answer, in wire names.

    Raises:
        DecodeError: a required value is missing or of the wrong kind; any is, if ``reading.strict``.
        ModelError: nothing can be read into ``kind``.

    """
    check(kind, dialect)
    return read_place(kind, Place(value, path, reading), dialect)


def unstructure(value: object, dialect: Dialect, form: Form = "answer") -> Any:
    """
    Return ``value`` in the form that is asked for; absent values are left out.

    Raises:
        TypeError, ValueError: a value has no JSON form; the message names the field.

    """
    return writing_converter(dialect, form).unstructure(value)
