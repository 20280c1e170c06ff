import { Controller, Get } from '@nestjs/common';
import { IngestService } from '../ingest.service.ts';
import type { SourceStatus } from '../source/source-record.ts';

/** What is read, and how it goes. */
@Controller('api/v1/sources')
export class SourcesController {
  constructor(private readonly ingest: IngestService) {}

  @Get()
  sources(): { sources: SourceStatus[] } {
    return { sources: this.ingest.sources() };
  }
}
