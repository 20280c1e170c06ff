import { HubError } from '@hub/contracts';

/** One thing that is wrong with the environment. Never holds a value: it could be a secret. */
export interface EnvProblem {
  variable: string;
  problem: string;
}

/** The environment cannot be used: the process ends with exit code 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends HubError {
  static readonly EXIT_CODE = 78;
  readonly problems: readonly EnvProblem[];

  constructor(problems: readonly EnvProblem[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    super('invalid_config', ['The environment (or .env) has to be mended:', ...lines].join('\n'));
    this.problems = problems;
  }
}
