import { Body, Controller, Delete, Get, HttpCode, Post, Put, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { FAULT_NAMES, type FaultState } from '../faults.ts';
import { MastodonError } from '../mastodon-error.ts';
import { flagParam, textParam } from '../rest/params.ts';
import { Simulation } from '../simulation.ts';
import { givenStatusSchema } from '../traffic/given-status.ts';
import { EVENT_KINDS } from '../traffic/kinds.ts';
import type { GroundTruth, TruthEvent, TruthEvents } from '../truth/truth.ts';
import { type SimulatorStats, statsOf } from './stats.ts';

const emitSchema = z.strictObject({
  kind: z.enum(EVENT_KINDS).optional(),
  count: z.int().min(1).max(10_000).default(1),
  status: givenStatusSchema.optional(),
});
const rateSchema = z.strictObject({ rate: z.number().min(0).max(10_000) });
const limitSchema = z.strictObject({ limit: z.int().min(0) });
const faultSchema = z.strictObject({
  name: z.enum(FAULT_NAMES),
  /** false: the fault is over. */
  on: z.boolean().default(true),
  count: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
  durationMs: z.number().positive().optional(),
});
const MAX_EVENTS = 10_000;

/** Steers the simulator and tells its ground truth. Open to whoever reaches the port: the simulator is for tests. */
@Controller('simulator')
export class AdminController {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  /** Makes events at once: of a kind, with given fields of the status, or as the seed has it. Returns what happened. */
  @Post('emit')
  emit(@Body() body: unknown): TruthEvent[] {
    const { kind, count, status } = read(emitSchema, body);
    const { traffic } = this.simulation;
    const once = () =>
      kind === undefined && status === undefined ? traffic.step() : traffic.emit(kind ?? 'post', status);
    return Array.from({ length: count }, once).flat();
  }

  @Put('rate')
  rate(@Body() body: unknown): SimulatorStats {
    this.simulation.pacer.setRate(read(rateSchema, body).rate);
    return this.stats();
  }

  /** Requests in five minutes. */
  @Put('rate-limit')
  rateLimit(@Body() body: unknown): SimulatorStats {
    this.simulation.limiter.limit = read(limitSchema, body).limit;
    return this.stats();
  }

  @Post('pause')
  @HttpCode(200)
  pause(): SimulatorStats {
    this.simulation.pacer.stop();
    return this.stats();
  }

  @Post('resume')
  @HttpCode(200)
  resume(): SimulatorStats {
    this.simulation.pacer.start();
    return this.stats();
  }

  @Get('faults')
  faults(): FaultState[] {
    return this.simulation.faults.list();
  }

  /** Sets a fault, or ends it with `on: false`. Returns all that are set. */
  @Post('faults')
  @HttpCode(200)
  setFault(@Body() body: unknown): FaultState[] {
    const { on, ...fault } = read(faultSchema, body);
    if (on) this.simulation.setFault(fault);
    else this.simulation.faults.clear(fault.name);
    return this.faults();
  }

  @Delete('faults')
  clearFaults(): FaultState[] {
    this.simulation.faults.clearAll();
    return this.faults();
  }

  /** `?full=1` adds the whole statuses. */
  @Get('truth')
  truth(@Req() { query }: Request): GroundTruth {
    return this.simulation.log.truth(flagParam(query, 'full'));
  }

  /** `?after=` a sequence, `&limit=`: 10,000 at most. */
  @Get('events')
  events(@Req() { query }: Request): TruthEvents {
    const number = (name: string) => Number(textParam(query, name) ?? 0) || 0;
    return this.simulation.log.after(number('after'), Math.min(number('limit') || MAX_EVENTS, MAX_EVENTS));
  }

  @Get('stats')
  stats(): SimulatorStats {
    return statsOf(this.simulation);
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (!result.success) throw new MastodonError(400, z.prettifyError(result.error));
  return result.data;
}
