import { workerData } from 'node:worker_threads';
import { giveWay, serve } from '@hub/sqlite';
import { serveReader } from './read-methods.ts';
import type { StoreThreadOptions } from './store-api.ts';
import { serveWriter } from './write-methods.ts';

const { path, role } = workerData as StoreThreadOptions;

// The writer has as much to do as the event loop; readers wait for both of them.
if (role === 'reader') giveWay();
serve(path, () => (role === 'writer' ? serveWriter(path) : serveReader(path)));
