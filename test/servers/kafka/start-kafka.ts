import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, ServerProcess } from '../server-process.ts';
import { certificate } from './certificate.ts';
import { kafkaJars } from './kafka-jars.ts';
import { serverProperties, USER, type Node } from './server-properties.ts';

/** For describeWith: Maven, and with it Java, must be there. */
export const KAFKA_PROBE = ['mvn', '-version'] as const;

export interface KafkaServer {
  /** host:port of each broker. */
  brokers: string[];
  /** Of the first. */
  port: number;
  /** The same brokers by TLS, for one user, who may do nothing unless access is granted. */
  secure?: { brokers: string[]; ca: string; username: string; password: string };
  /** As if the power went. Of the first node unless told. */
  kill9(node?: number): Promise<void>;
  /** After kill9: on the same port, with the same data. */
  restart(node?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface KafkaServerOptions {
  /** Of the cluster; 1 unless told. With 3, topics have three copies, of which two must be written to. */
  nodes?: number;
  secured?: boolean;
  /** Where clients are told to find the only node, if something of the test's stands before it. */
  advertisedPort?: number;
}

const CLUSTER_ID = Buffer.from('mastodon-stream-').toString('base64url');
const JVM = [
  '-Xms128m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** A Kafka cluster of its own (KRaft), with its data in a folder that goes when it stops. */
export async function startKafka(options: KafkaServerOptions = {}): Promise<KafkaServer> {
  const { nodes = 1, secured = false, advertisedPort } = options;
  const java = [...JVM, '-cp', join(await kafkaJars(), '*')];
  const dir = mkdtempSync(join(tmpdir(), 'hub-kafka-'));
  const tls = secured ? await certificate(dir) : undefined;
  const cluster = await Promise.all(Array.from({ length: nodes }, (_, i) => newNode(i + 1, dir, advertisedPort)));
  const servers = await Promise.all(cluster.map((node) => startNode(node, cluster, java, tls?.keystore)));
  const serverOf = (node: number): ServerProcess => {
    const server = servers[node];
    if (server === undefined) throw new Error(`there is no node ${node}`);
    return server;
  };
  return {
    brokers: cluster.map((node) => `127.0.0.1:${node.advertisedPort}`),
    port: serverOf(0).port,
    ...(tls !== undefined && {
      secure: { brokers: cluster.map(({ securePort }) => `127.0.0.1:${securePort}`), ca: tls.ca, ...USER },
    }),
    kill9: (node = 0) => serverOf(node).kill9(),
    restart: (node = 0) => serverOf(node).start(),
    async stop() {
      // What it would save is thrown away.
      await Promise.all(servers.map((server) => server.kill9()));
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function newNode(id: number, parent: string, advertisedPort?: number): Promise<Node> {
  const dir = join(parent, String(id));
  mkdirSync(dir);
  const [port, controllerPort, securePort] = await Promise.all([freePort(), freePort(), freePort()]);
  return { id, port, controllerPort, securePort, advertisedPort: advertisedPort ?? port, dir };
}

async function startNode(
  node: Node,
  cluster: readonly Node[],
  java: readonly string[],
  keystore?: string,
): Promise<ServerProcess> {
  const properties = join(node.dir, 'server.properties');
  writeFileSync(properties, serverProperties(node, cluster, keystore));
  const scram = `SCRAM-SHA-512=[name=${USER.username},password=${USER.password}]`;
  const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties, '--add-scram', scram];
  await promisify(execFile)('java', [...java, ...format]);
  return ServerProcess.start({
    name: 'kafka',
    dir: node.dir,
    port: node.port,
    readyWithinMs: 60_000,
    command: () => ['java', ...java, 'kafka.Kafka', properties],
  });
}
