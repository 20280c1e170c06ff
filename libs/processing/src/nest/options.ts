import type { ConsentMode } from '@hub/policy';

export interface ProcessingOptions {
  consent: ConsentMode;
}

export const PROCESSING_OPTIONS = Symbol('ProcessingOptions');
