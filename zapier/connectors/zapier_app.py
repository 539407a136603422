"""The Zapier app: a trigger for each resource.

Zapier keeps no cursor between two polls. It remembers the ``event_id`` of all that it has seen instead, so
each poll walks through the last 24 hours.
"""

import json
from typing import Any

from zapier.feeds import FEEDS
from zapier.samples import SAMPLES

PLATFORM = "19.1.0"
INDEX = """\
// Made by `python -m zapier.connectors` from the resources that can be polled.
'use strict';

const { dependencies, version } = require('./package.json');
const { authentication, addToken } = require('./authentication');
const triggers = require('./triggers');

module.exports = {
  version,
  platformVersion: dependencies['zapier-platform-core'],
  authentication,
  beforeRequest: [addToken],
  triggers,
};
"""
AUTHENTICATION = """\
// Made by `python -m zapier.connectors` from the resources that can be polled.
'use strict';

const addToken = (request, z, bundle) => {
  request.headers.authtoken = bundle.authData.token;
  return request;
};

module.exports = {
  addToken,
  authentication: {
    type: 'custom',
    fields: [
      { key: 'server', label: 'Server', helpText: 'Such as https://crm.example.com', required: true },
      { key: 'token', label: 'API token', type: 'password', required: true },
    ],
    test: { url: '{{bundle.authData.server}}/api/zapier/resources' },
    connectionLabel: '{{bundle.authData.server}}',
  },
};
"""
TRIGGERS = """\
// Made by `python -m zapier.connectors` from the resources that can be polled.
'use strict';

const resources = require('./resources.json');

// Enough for 10,000 changes in a day, and within the time that Zapier gives a poll.
const PAGES = 20;

const ask = async (z, bundle, path, params) => {
  const response = await z.request({ url: `${bundle.authData.server}/api/zapier/${path}`, params });
  return response.data;
};

// All that changed in the last 24 hours, the newest first.
const poll = (resource) => async (z, bundle) => {
  if (bundle.meta && bundle.meta.isLoadingSample) {
    const { data } = await ask(z, bundle, `test/${resource}`, {});
    return [{ event_id: '1-0', ...data }];
  }
  const found = [];
  let params = { limit: 500 };
  for (let page = 0; page < PAGES; page += 1) {
    const { data, meta } = await ask(z, bundle, `poll/${resource}`, params);
    found.unshift(...data);
    if (!meta.has_more) break;
    params = { limit: 500, cursor: meta.cursor };
  }
  return found;
};

const trigger = ({ key, noun, description, sample }) => ({
  key,
  noun,
  display: { label: `New or Updated ${noun}`, description },
  operation: {
    type: 'polling',
    perform: poll(key),
    sample,
    // A record comes again when it has changed: what tells its versions apart is the event's id.
    outputFields: [{ key: 'event_id', label: 'Event ID', type: 'string', primary: true }],
  },
});

module.exports = Object.fromEntries(resources.map((each) => [each.key, trigger(each)]));
"""


def files() -> dict[str, str]:
    """The files by their paths."""
    resources = [
        {
            "key": feed.name,
            "noun": feed.noun.title(),
            "description": f"Triggers when {_a(feed.noun)} is created or changes.",
            "sample": SAMPLES[feed.name] | {"event_id": "1-0"},
        }
        for feed in FEEDS.values()
    ]
    package = {
        "name": "perfex-api-zapier",
        "version": "1.0.0",
        "description": "Triggers for new and updated records of a Perfex-compatible CRM API.",
        "license": "MIT",
        "private": True,
        "main": "index.js",
        "dependencies": {"zapier-platform-core": PLATFORM},
    }
    return {
        "zapier/package.json": _json(package),
        "zapier/resources.json": _json(resources),
        "zapier/index.js": INDEX,
        "zapier/authentication.js": AUTHENTICATION,
        "zapier/triggers.js": TRIGGERS,
    }


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
