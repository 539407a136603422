// Check the Zapier app by Zapier's own schema: node zapier_app.js FOLDER, beside node_modules that has it.
'use strict';

const path = require('path');
const schema = require(path.resolve('node_modules/zapier-platform-schema'));
const app = require(path.resolve(process.argv[2]));

// The platform stands for each function with a text that tells how many arguments it takes.
const written = (value) => {
  if (typeof value === 'function') return `$func$${value.length}$f$`;
  if (Array.isArray(value)) return value.map(written);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]));
};

const { errors } = schema.validateAppDefinition(written(app));
for (const error of errors) console.error(`${error.property} ${error.message}`);
process.exit(errors.length ? 1 : 0);
