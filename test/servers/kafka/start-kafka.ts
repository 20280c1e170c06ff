import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, ServerProcess } from '../server-process.ts';
import { kafkaJars } from './kafka-jars.ts';

/** For describeWith: Maven, and with it Java, must be there. */
export const KAFKA_PROBE = ['mvn', '-version'] as const;

export interface KafkaServer {
  /** host:port of each broker. */
  brokers: string[];
  pid: number | undefined;
  /** As if the power went. */
  kill9(): Promise<void>;
  /** After kill9: on the same port, with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const JVM = [
  '-Xms128m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** A Kafka broker of its own (KRaft, one node), with its data in a folder that goes when it stops. */
export async function startKafka(): Promise<KafkaServer> {
  const java = [...JVM, '-cp', join(await kafkaJars(), '*')];
  const dir = mkdtempSync(join(tmpdir(), 'hub-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = join(dir, 'server.properties');
  writeFileSync(properties, serverProperties(port, controllerPort, join(dir, 'data')));
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'bWFzdG9kb24tc3RyZWFtLQ', '-c', properties];
  await promisify(execFile)('java', [...java, ...format]);
  const server = await ServerProcess.start({
    name: 'kafka',
    dir,
    port,
    readyWithinMs: 60_000,
    command: () => ['java', ...java, 'kafka.Kafka', properties],
  });
  return {
    brokers: [`127.0.0.1:${port}`],
    get pid() {
      return server.pid;
    },
    kill9: () => server.kill9(),
    restart: () => server.start(),
    async stop() {
      await server.kill9();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function serverProperties(port: number, controllerPort: number, data: string): string {
  return `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
log.dirs=${data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
# Back within seconds after a kill: the controller must take the dead broker for dead before it takes it back.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`;
}
