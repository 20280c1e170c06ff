import { types } from 'node:util';
import { HubError } from '@hub/contracts';
import { StoreUnavailableError } from '@hub/storage';
import mongoose, { type Connection, type ConnectOptions, type mongo } from 'mongoose';
import { systemWord, translate } from './errors.ts';

/** How long a call waits for a server that can take it, in milliseconds. */
const SELECTION_MS = 5_000;

const OPTIONS: ConnectOptions = {
  appName: 'mastodon-stream-hub',
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
  ignoreUndefined: true,
  serverSelectionTimeoutMS: SELECTION_MS,
  connectTimeoutMS: SELECTION_MS,
  // A server that falls silent is noticed after two of these.
  heartbeatFrequencyMS: SELECTION_MS,
  // What was acknowledged outlives the loss of a minority of the members, and what is read will not be undone.
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  readConcernLevel: 'majority',
  readPreference: 'primary',
};

/** Connects to a replica set or sharded cluster. Rejects with a HubError that says what is in the way, and no address. */
export async function connect(uri: string): Promise<Connection> {
  const connection = mongoose.createConnection();
  try {
    await connection.openUri(uri, OPTIONS);
    await checkTopology(connection.getClient());
    return connection;
  } catch (error) {
    await connection.close();
    throw explain(error);
  }
}

async function checkTopology(client: mongo.MongoClient): Promise<void> {
  const { setName, msg } = await client.db('admin').command({ hello: 1 });
  if (setName === undefined && msg !== 'isdbgrid') throw standalone();
}

const REPLICA_SET =
  'The hub needs the change streams and transactions of a replica set, for which one server is enough: start it with ' +
  "'mongod --replSet rs0' and run 'rs.initiate()' in mongosh once.";

function standalone(): HubError {
  return new HubError('invalid_config', `The MongoDB server runs alone. ${REPLICA_SET}`);
}

function explain(error: unknown): unknown {
  if (isParseError(error) || error instanceof mongoose.mongo.MongoAPIError) {
    return new HubError('invalid_config', 'MONGODB_URI is not a MongoDB connection string that the hub can use.');
  }
  if (error instanceof mongoose.Error.MongooseServerSelectionError) return explainSelection(error);
  if (failedIn(error, 'querySrv')) return unreachable(error);
  if (failedIn(error, 'open')) return new HubError('invalid_config', 'A file that MONGODB_URI names cannot be read.');
  return translate(error);
}

/** By its name: the parser of URIs has a class of its own. */
function isParseError(error: unknown): boolean {
  return types.isNativeError(error) && error.name === 'MongoParseError';
}

function explainSelection(error: Error): HubError {
  const servers = serversOf(error.cause);
  if (servers.length === 0) {
    const text = 'No server of MONGODB_URI belongs to the replica set that its replicaSet option names.';
    return new HubError('invalid_config', `${text} ${REPLICA_SET}`);
  }
  if (servers.every(({ type }) => type === 'RSGhost')) {
    const text = 'The replica set of MONGODB_URI was never initiated';
    return new HubError('invalid_config', `${text}: run 'rs.initiate()' in mongosh once.`);
  }
  if (servers.every(({ type }) => type === 'Unknown')) return unreachable(error);
  return new StoreUnavailableError('The replica set of MONGODB_URI has no primary now.');
}

/** The servers as the driver saw them last; it forgets those that do not belong to the replica set. */
function serversOf(reason: unknown): mongo.ServerDescription[] {
  if (typeof reason !== 'object' || reason === null || !('servers' in reason)) return [];
  return reason.servers instanceof Map ? [...reason.servers.values()] : [];
}

/** Whether it is the system's answer to a call: querySrv, for the name of a mongodb+srv URI; open, for a certificate. */
function failedIn(error: unknown, call: string): error is Error {
  return types.isNativeError(error) && 'syscall' in error && error.syscall === call;
}

function unreachable({ message }: Error): StoreUnavailableError {
  const word = systemWord(message);
  const reason = word === undefined ? '' : ` (${word})`;
  return new StoreUnavailableError(
    `No server of MONGODB_URI can be reached${reason}: does it run, and is the URI right?`,
  );
}
