/** A node of a cluster in which each is broker and controller. */
export interface Node {
  id: number;
  port: number;
  controllerPort: number;
  /** Where clients are told to find it. */
  advertisedPort: number;
  /** For TLS and SASL. */
  securePort: number;
  dir: string;
}

/** What the secured listener asks for. */
export const USER = { username: 'hub', password: 'correct horse' };
export const KEYSTORE_PASSWORD = 'battery staple';

export function serverProperties(node: Node, cluster: readonly Node[], keystore?: string): string {
  const copies = String(Math.min(3, cluster.length));
  const inSync = String(Math.min(2, cluster.length));
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': cluster.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(),
    listeners: [
      `PLAINTEXT://127.0.0.1:${node.port}`,
      `CONTROLLER://127.0.0.1:${node.controllerPort}`,
      ...(keystore === undefined ? [] : [`SASL_SSL://127.0.0.1:${node.securePort}`]),
    ].join(),
    'advertised.listeners': [
      `PLAINTEXT://127.0.0.1:${node.advertisedPort}`,
      ...(keystore === undefined ? [] : [`SASL_SSL://127.0.0.1:${node.securePort}`]),
    ].join(),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'log.dirs': `${node.dir}/data`,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    // Back within seconds after a kill: the controller must take a dead broker for dead before it takes it back.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    ...(keystore !== undefined && secured(keystore)),
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** TLS, SASL, and access lists. Who comes over the plain listener may do everything. */
function secured(keystore: string): Record<string, string> {
  const module = 'org.apache.kafka.common.security';
  return {
    'ssl.keystore.location': keystore,
    'ssl.keystore.password': KEYSTORE_PASSWORD,
    'ssl.keystore.type': 'PKCS12',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required user_${USER.username}="${USER.password}";`,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}
