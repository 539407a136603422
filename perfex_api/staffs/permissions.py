"""What a staff member may do, in the forms in which it is sent."""

from typing import Any

from perfex_api import tables as t
from perfex_api.http import fields
from perfex_api.http.shapes import as_list

LONGEST_FEATURE = t.staff_permissions.c.feature.type.length  # type: ignore[attr-defined]
LONGEST_CAPABILITY = t.staff_permissions.c.capability.type.length  # type: ignore[attr-defined]


class Permissions(fields.Texts):
    """Pairs of feature and capability.

    They come as the CRM's form sends them, ``permissions[customers][]=view``, or as rows with ``feature`` and
    ``capability``, which a single staff member shows.
    """

    def read(self, value: Any) -> Any:
        if isinstance(value, dict) and not all(str(key).isdigit() for key in value):
            pairs = [
                (feature, each) for feature, capabilities in value.items() for each in as_list(capabilities)
            ]
        else:
            pairs = [self._pair(row) for row in as_list(value)]
        return list(dict.fromkeys(self._checked(*pair) for pair in pairs))

    def _pair(self, row: Any) -> tuple[Any, Any]:
        if not isinstance(row, dict) or not {"feature", "capability"} <= row.keys():
            raise self.error("must hold capabilities by feature")
        return row["feature"], row["capability"]

    def _checked(self, feature: Any, capability: Any) -> tuple[str, str]:
        for text, longest in ((feature, LONGEST_FEATURE), (capability, LONGEST_CAPABILITY)):
            if not isinstance(text, str) or not 0 < len(text.strip()) <= longest:
                raise self.error("must hold capabilities by feature")
        return feature.strip(), capability.strip()
