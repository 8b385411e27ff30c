import { Fauxqs } from './fauxqs';
import type { RunningService, SandboxService } from '../../wiring/service';

/** The engine of SQS, SNS and S3. */
export interface RunningFauxqs extends RunningService {
  /** The present engine: another one after every reset. */
  engine(): Fauxqs;
}

export const FAUXQS: SandboxService<RunningFauxqs> = {
  name: 'fauxqs',
  start: () => {
    let current: Fauxqs | undefined;
    return {
      engine: () => current!,
      create: async () => {
        await current?.close();
        current = await Fauxqs.create();
      },
      close: () => current?.close(),
    };
  },
};
