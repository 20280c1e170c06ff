import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dataVersion, DataCorruptError, DataVersionError, openDatabase, truncateLog } from './index.ts';

const OURS = 0x1234;
const ONE = ['CREATE TABLE one (a TEXT) STRICT'];
const TWO = [...ONE, 'CREATE TABLE two (b TEXT) STRICT; INSERT INTO two SELECT a FROM one'];

describe('openDatabase', () => {
  let folder: string;
  let path: string;
  const opened: DatabaseSync[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-database-'));
    path = join(folder, 'a', 'b', 'data.db');
  });

  afterEach(() => {
    for (const db of opened.splice(0)) if (db.isOpen) db.close();
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  function open(migrations: readonly string[] = ONE, readOnly = false): DatabaseSync {
    const db = openDatabase({ path, applicationId: OURS, migrations, readOnly });
    opened.push(db);
    return db;
  }

  function foreign(sql: string): void {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
  }

  it('makes folders and file, durable at every commit, with deleted data overwritten', () => {
    const db = open();
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(db.prepare('PRAGMA secure_delete').get()).toEqual({ secure_delete: 1 });
  });

  it('migrates step by step, once, with the data', () => {
    open(ONE).exec("INSERT INTO one VALUES ('kept')");
    expect(open(TWO).prepare('SELECT b FROM two').all()).toEqual([{ b: 'kept' }]);
    expect(open(TWO).prepare('SELECT b FROM two').all()).toHaveLength(1);
  });

  it('leaves the data as it was when a migration fails', () => {
    open(ONE).exec("INSERT INTO one VALUES ('kept')");
    expect(() => open([...ONE, 'DELETE FROM one; nonsense'])).toThrow('syntax error');
    expect(open(ONE).prepare('SELECT a FROM one').all()).toEqual([{ a: 'kept' }]);
  });

  it('refuses data of a newer version', () => {
    open(TWO).close();
    expect(() => open(ONE)).toThrow(DataVersionError);
    expect(() => open(ONE)).toThrow(/data format 2.*up to 1/);
  });

  it.each([
    ['of another application', 'PRAGMA application_id = 1; PRAGMA user_version = 1; CREATE TABLE t (a)'],
    ['that names no application', 'CREATE TABLE t (a)'],
    ['of another application that is empty yet', 'PRAGMA application_id = 1'],
  ])("refuses a database %s, and doesn't touch it", (_, sql) => {
    foreign(sql);
    const before = readFileSync(path);
    expect(() => open()).toThrow(DataCorruptError);
    expect(() => open(ONE, true)).toThrow(DataCorruptError);
    expect(readFileSync(path)).toEqual(before);
  });

  it('refuses a file that is no database, and one that was cut', () => {
    foreign('');
    writeFileSync(path, 'hello '.repeat(1000));
    expect(() => open()).toThrow(DataCorruptError);
    rmSync(path);
    const db = open();
    db.exec(`INSERT INTO one VALUES ('${'x'.repeat(100_000)}')`);
    db.close();
    truncateSync(path, statSync(path).size / 2);
    expect(() => open().prepare('SELECT * FROM one').all()).toThrow(/malformed|damaged/);
  });

  it('says what to look at where no folder can be made', () => {
    writeFileSync(join(folder, 'a'), 'a file');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
    expect(() => open()).toThrow(/folder cannot be made/);
  });

  it('says what to look at where nothing may be written', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o555 });
    chmodSync(folder, 0o755);
    const module = new URL('./index.ts', import.meta.url).href;
    const script = `
      const { openDatabase } = await import(${JSON.stringify(module)});
      try { openDatabase({ path: ${JSON.stringify(join(closed, 'x.db'))}, applicationId: 1, migrations: [] }) }
      catch (error) { console.log(error.code + ': ' + error.message) }`;
    const aliases = new URL('../../../test/support/aliases.mjs', import.meta.url).href;
    // Root may write anywhere.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const said = execFileSync(process.execPath, ['--import', aliases, '--input-type=module', '-e', script], user);
    expect(said.toString()).toMatch(/^store_unavailable: .*x\.db: cannot be opened: .*may this user write there/);
  });

  it('reads beside a writer, and does not write', () => {
    const writer = open();
    const reader = open(ONE, true);
    const before = dataVersion(reader);
    writer.exec("INSERT INTO one VALUES ('new')");
    expect(dataVersion(reader)).not.toBe(before);
    expect(reader.prepare('SELECT a FROM one').all()).toEqual([{ a: 'new' }]);
    expect(() => reader.exec('DELETE FROM one')).toThrow('readonly');
  });

  it('has two that open a new file at once agree', () => {
    const first = open();
    const second = open();
    first.exec("INSERT INTO one VALUES ('a')");
    expect(second.prepare('SELECT a FROM one').all()).toEqual([{ a: 'a' }]);
  });
});

describe('truncateLog', () => {
  it('leaves no copy of deleted data on the disk, as soon as no reader holds the log', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-database-'));
    const path = join(folder, 'data.db');
    const holds = (file: string) => readFileSync(file).includes('secret words');
    const db = openDatabase({ path, applicationId: OURS, migrations: ONE });
    const reader = openDatabase({ path, applicationId: OURS, migrations: ONE, readOnly: true });
    db.exec("INSERT INTO one VALUES ('secret words')");
    reader.exec('BEGIN; SELECT * FROM one');
    db.exec('DELETE FROM one');
    expect(truncateLog(db)).toBe(false);
    expect(holds(`${path}-wal`)).toBe(true);
    reader.close();
    expect(truncateLog(db)).toBe(true);
    expect(holds(`${path}-wal`)).toBe(false);
    expect(holds(path)).toBe(false);
    db.close();
    rmSync(folder, { recursive: true });
  });
});
