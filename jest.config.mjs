import { readFileSync } from 'node:fs';

const { paths } = JSON.parse(readFileSync(new URL('tsconfig.json', import.meta.url), 'utf8')).compilerOptions;

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: Object.fromEntries(
    Object.entries(paths).map(([alias, [file]]) => [`^${alias}$`, file.replace('./', '<rootDir>/')]),
  ),
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true, tsx: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
            react: { runtime: 'automatic' },
          },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

/**
 * unit: beside the source. contract: one suite a port, run for every driver. servers: the same against real brokers and
 * databases, which the tests start (npm run test:servers). chaos: those and the services, killed (npm run test:chaos). components: parts of
 * the web client in a DOM. web: the web client in a browser (npm run test:web). e2e: real processes, built apps.
 */
export default {
  // Long enough for a machine with other work to do: no test is about speed.
  testTimeout: 30_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs}/**/*.spec.ts'] },
    { ...shared, displayName: 'contract', testMatch: ['<rootDir>/test/contract/**/*.test.ts'] },
    { ...shared, displayName: 'servers', testMatch: ['<rootDir>/test/contract-servers/**/*.test.ts'] },
    { ...shared, displayName: 'chaos', testMatch: ['<rootDir>/test/chaos/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'components',
      testEnvironment: '@happy-dom/jest-environment',
      testEnvironmentOptions: { settings: { disableIframePageLoading: true, disableCSSFileLoading: true } },
      testMatch: ['<rootDir>/apps/web/**/*.spec.tsx'],
    },
    { ...shared, displayName: 'web', testMatch: ['<rootDir>/test/web/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
