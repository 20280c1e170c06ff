export type { SimulatorStats } from './admin/stats.ts';
export { FAULT_NAMES, type Fault, type FaultName, type FaultState } from './faults.ts';
export type { Status as SimulatedStatus } from './entities.ts';
export type { RunningSimulator, SimulatorOptions } from './options.ts';
export { startSimulator } from './simulator.ts';
export { EVENT_KINDS, type EventKind } from './traffic/kinds.ts';
export type {
  ConsentLimit,
  GroundTruth,
  TruthDeletion,
  TruthEvent,
  TruthEvents,
  TruthHidden,
  TruthPost,
} from './truth/truth.ts';
