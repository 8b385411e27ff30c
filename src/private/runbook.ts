import * as fs from 'fs';
import * as path from 'path';

const { repository } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { repository: { url: string } };

/** Address of the runbook: whoever reads an alarm at night has no checkout at hand. The repository's address is set in `.projenrc.ts`. */
export const RUNBOOK = `${repository.url.replace(/\.git$/, '')}/blob/main/docs/runbook.md`;
