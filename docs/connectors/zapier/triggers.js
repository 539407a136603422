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
