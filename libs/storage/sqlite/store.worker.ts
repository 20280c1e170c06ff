import { workerData } from 'node:worker_threads';
import { serve } from '@hub/sqlite';
import { serveReader } from './read-methods.ts';
import type { StoreThreadOptions } from './store-api.ts';
import { serveWriter } from './write-methods.ts';

const { path, role } = workerData as StoreThreadOptions;

serve(path, () => (role === 'writer' ? serveWriter(path) : serveReader(path)));
