import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { VARIABLES } from './index.ts';

/** What the images set themselves, what means a path outside of a container, and what is not used at all. */
const NOT_IN_COMPOSE = `
  BIND_ADDRESS DATA_DIR OPERATIONS_PORT SERVICE_PORT SIMULATOR_PORT API_GATEWAY_SERVER_PORT
  BLOCKLIST_FILE SIMULATOR_CORPUS NODE_ENV
  MASTODON_CLIENT_ID MASTODON_CLIENT_SECRET REACT_APP_WS_ENDPOINT`;

describe('every variable', () => {
  it('is in the table of docs/operations.md, with what it accepts and its default', () => {
    const defaults = parseEnv(readFileSync('.env.example', 'utf8'));
    const rows = readFileSync('docs/operations.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| [A-Z][A-Z_]+ +\|/.test(line))
      .map((line) => line.split('|').slice(1, -1))
      .map((cells) => cells.map((cell) => cell.trim()));
    const expected = Object.entries(VARIABLES).map(([name, { accepts }]) => [name, accepts, defaults[name] ?? '']);
    expect(rows).toEqual(expected);
  });

  it('can be set for the containers, but for what is fixed there', () => {
    const compose = readFileSync('docker-compose.yml', 'utf8');
    const absent = Object.keys(VARIABLES).filter((name) => !new RegExp(`^ +${name}: .*`, 'm').test(compose));
    expect(absent.toSorted()).toEqual(NOT_IN_COMPOSE.trim().split(/\s+/).toSorted());
    expect(compose).toMatch(/127\.0\.0\.1:\$\{API_GATEWAY_SERVER_PORT:-8080\}:8080/);
  });
});
