const features = 'ingest|publishing|processing|delivery|simulator';
const only = (name, sdk, folder, except = []) => ({
  name,
  comment: `${sdk} is imported in ${folder} alone, so that only the chosen driver loads it.`,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: [`^${folder}/`, ...except] },
  // The bare name too: not every package resolves.
  to: { path: `((^|/)node_modules/|^)(${sdk})(/|$)` },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Data flows one way through the folders.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-app-to-app',
      comment: 'Apps share libs, never each other.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-lib-to-app',
      comment: 'Libs know nothing of who composes them.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-feature-to-feature',
      comment: 'A feature speaks to others over contracts and ports.',
      severity: 'error',
      from: { path: `^libs/(${features})/` },
      to: { path: `^libs/(${features}|runtime|config|client)/`, pathNot: '^libs/$1/' },
    },
    {
      name: 'no-feature-to-driver',
      comment: 'Features know ports; the runtime binds drivers.',
      severity: 'error',
      from: { path: `^libs/(${features})/`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/(messaging/(?!core|nest)|storage/(?!core)|sqlite/)' },
    },
    {
      name: 'driver-to-own-port',
      comment: 'A driver implements its port and knows no other.',
      severity: 'error',
      from: { path: '^libs/(messaging|storage)/(?!core|nest|testkit)([^/]+)/' },
      to: { path: '^libs/', pathNot: '^libs/(contracts/|sqlite/|$1/(core|testkit|$2)/)' },
    },
    {
      name: 'contracts-and-ports-are-plain',
      comment: 'Contracts, ports and the client import no Nest: they serve browsers and other frameworks too.',
      severity: 'error',
      from: { path: '^libs/(contracts|policy|client|messaging/core|storage/core)/' },
      to: { path: '(^|/)node_modules/@nestjs/' },
    },
    {
      name: 'contracts-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'no-deep-imports',
      comment: 'A lib is entered by its index.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: {
        path: '^libs/',
        pathNot: [
          '^libs/$2/',
          '^libs/[^/]+/src/index\\.ts$',
          '^libs/contracts/src/proto/index\\.ts$',
          '^libs/(messaging|storage)/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'sqlite-only-in-its-lib-and-drivers',
      comment: 'Only drivers know of SQLite.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/(sqlite|messaging/embedded|storage/sqlite)/' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'web-knows-contracts-and-client-alone',
      comment: 'The web client is a client like any other.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^(libs|apps)/', pathNot: '^(apps/web/|libs/(contracts|client)/src/index\\.ts$)' },
    },
    only('react-only-in-the-web-client', 'react|react-dom|@tanstack/react-virtual|uplot', 'apps/web'),
    only('kafkajs-only-in-its-driver', 'kafkajs', 'libs/messaging/kafka'),
    only('mongoose-only-in-its-driver', '@nestjs/mongoose|mongoose|mongodb', 'libs/storage/mongo'),
    only('pubsub-only-in-its-driver', '@google-cloud/pubsub|google-auth-library', 'libs/messaging/pubsub'),
    only('masto-only-in-ingest', 'masto', 'libs/ingest', ['^libs/(simulator|delivery)/.*\\.spec\\.ts$']),
    only('sanitize-html-only-in-processing', 'sanitize-html', 'libs/processing'),
    only(
      'grpc-only-where-spoken',
      '@grpc/grpc-js|grpc-health-check',
      'libs/(ingest|publishing|processing|delivery|contracts|runtime)',
    ),
    {
      name: 'testkit-only-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.tsx?$', '/testkit/'] },
      to: { path: '/testkit/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
