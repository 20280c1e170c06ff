export type { ProcessingOptions } from './nest/options.ts';
export { PROCESSING_SERVICES, ProcessingModule } from './nest/processing.module.ts';
export { processEvent, type Processed } from './process-event.ts';
