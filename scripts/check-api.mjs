// npm run check:api: the OpenAPI and AsyncAPI documents are right by their specifications, name all routes and events
// that there are, and no others.
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const { CONTROLLERS } = await import('../libs/delivery/src/controllers.ts');
const { openApi } = await import('../libs/delivery/src/documents/openapi.ts');
const { asyncApi, EVENTS } = await import('../libs/delivery/src/documents/asyncapi.ts');
const { HealthController } = await import('../libs/runtime/src/operations/health.controller.ts');
const { MetricsController } = await import('../libs/runtime/src/operations/metrics.controller.ts');
const { EVENTS: HANDLED } = await import('../libs/delivery/src/socket/feed.gateway.ts');

const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'all', 'options', 'head'];

function routesOf(controller) {
  const base = Reflect.getMetadata(PATH_METADATA, controller);
  const names = Object.getOwnPropertyNames(controller.prototype).filter((name) => name !== 'constructor');
  const handlers = names.map((name) => controller.prototype[name]);
  return handlers.flatMap((handler) => {
    const path = typeof handler === 'function' ? Reflect.getMetadata(PATH_METADATA, handler) : undefined;
    if (path === undefined) return [];
    const method = METHODS[Reflect.getMetadata(METHOD_METADATA, handler)];
    const whole = `/${base}/${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
    return [`${method} ${whole.replaceAll(/:(\w+)/g, '{$1}')}`];
  });
}

function differences(name, there, documented) {
  return [
    ...there.filter((one) => !documented.includes(one)).map((one) => `${name}: ${one} is not documented`),
    ...documented.filter((one) => !there.includes(one)).map((one) => `${name}: ${one} is documented and not there`),
  ];
}

async function checkOpenApi() {
  const document = openApi();
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  const there = [...CONTROLLERS, HealthController, MetricsController].flatMap(routesOf);
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  return [...(valid ? [] : [`OpenAPI: ${JSON.stringify(errors)}`]), ...differences('OpenAPI', there, documented)];
}

function checkAsyncApi() {
  const ajv = new Ajv({ strict: false, allErrors: false, validateSchema: false });
  addFormats(ajv);
  const validate = ajv.compile(asyncApiSchema);
  const valid = validate(asyncApi());
  return [
    ...(valid ? [] : [`AsyncAPI: ${JSON.stringify(validate.errors)}`]),
    ...differences('AsyncAPI', [...HANDLED], EVENTS.sent),
    ...danglingIn('AsyncAPI', asyncApi()),
    ...danglingIn('OpenAPI', openApi()),
  ];
}

/** References that lead nowhere. */
function danglingIn(name, document) {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path);
  return [...new Set(references)]
    .filter((path) => path.split('/').reduce((at, key) => at?.[key], document) === undefined)
    .map((path) => `${name}: #/${path} leads nowhere`);
}

const problems = [...(await checkOpenApi()), ...checkAsyncApi()];
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'ok   OpenAPI and AsyncAPI' : 'FAIL OpenAPI and AsyncAPI');
process.exit(problems.length === 0 ? 0 : 1);
