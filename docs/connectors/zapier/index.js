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
