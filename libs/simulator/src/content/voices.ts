import type { Voice } from './voice.ts';
import { AMERICAS_AND_NORTH } from './voices-north.ts';
import { EAST_ASIA } from './voices-east-asia.ts';
import { EASTERN_EUROPE } from './voices-eastern-europe.ts';
import { RIGHT_TO_LEFT } from './voices-right-to-left.ts';
import { SOUTH_ASIA } from './voices-south-asia.ts';
import { WESTERN_EUROPE } from './voices-western-europe.ts';

export const VOICES: readonly Voice[] = [
  ...AMERICAS_AND_NORTH,
  ...WESTERN_EUROPE,
  ...EASTERN_EUROPE,
  ...RIGHT_TO_LEFT,
  ...EAST_ASIA,
  ...SOUTH_ASIA,
];
