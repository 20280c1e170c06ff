import { it } from '@jest/globals';
import { rollingRestart } from './support/rolling-restart.ts';

it('loses nothing when gateways are restarted one after another', () => rollingRestart({}), 300_000);
