import { Module, type DynamicModule } from '@nestjs/common';
import { IngestService } from './ingest.service.ts';
import { IngestMetrics } from './metrics.ts';
import { INGEST_OPTIONS, type IngestOptions } from './options.ts';
import { SourcesController } from './sources/sources.controller.ts';

/** Reads Mastodon-compatible servers and sends what is public to the producer. Needs STORE and a metrics Registry. */
@Module({})
export class IngestModule {
  static forRoot(options: IngestOptions): DynamicModule {
    return {
      module: IngestModule,
      controllers: [SourcesController],
      providers: [{ provide: INGEST_OPTIONS, useValue: options }, IngestMetrics, IngestService],
    };
  }
}
