"""The administrators' console under ``/admin``: mint tokens, see what they did.

Pages are rendered here and need no JavaScript. ``site`` puts them together, ``views`` answers requests, the
other modules are rules: functions of an open transaction, without HTTP.
"""

from perfex_api.console.site import install as install
