import type { ConsentMode, Excluder } from '@hub/policy';

export interface ProcessingOptions {
  consent: ConsentMode;
  /** Whom the operator leaves out besides. */
  excluded?: Excluder;
}

export const PROCESSING_OPTIONS = Symbol('ProcessingOptions');
