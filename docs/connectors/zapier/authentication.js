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
