import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const KAFKA_VERSION = '4.4.0';

/** From the repository's root, where npm runs all scripts: benchmarks are built to another place than the file. */
const POM = join('test', 'servers', 'kafka', 'pom.xml');

/** The folder with the broker's jars; fetched from Maven Central the first time. */
export async function kafkaJars(): Promise<string> {
  const cache = join(homedir(), '.cache', 'mastodon-stream-hub');
  const jars = join(cache, `kafka-${KAFKA_VERSION}`);
  if (existsSync(jars)) return jars;
  mkdirSync(cache, { recursive: true });
  // Others may fetch at the same time: what counts is there whole or not at all.
  const partial = `${jars}.${process.pid}`;
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  await promisify(execFile)('mvn', ['-q', '-B', '-f', POM, `-Dkafka.version=${KAFKA_VERSION}`, ...goal]);
  if (existsSync(jars)) rmSync(partial, { recursive: true });
  else renameSync(partial, jars);
  return jars;
}
