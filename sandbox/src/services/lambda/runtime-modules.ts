import * as fs from 'node:fs';
import * as path from 'node:path';

/** The packages of Lambda's Node.js runtime: the AWS SDK, and what it is made of. */
const SCOPES = ['@aws-sdk', '@smithy'];

/**
 * Makes a folder with the AWS SDK that Lambda's runtime provides to code which does not bring its own: links to the sandbox's own
 * dependencies, and to nothing else.
 */
export function linkRuntimeModules(folder: string): void {
  const searched = require.resolve.paths('@aws-sdk/client-sqs') ?? [];
  for (const scope of SCOPES) {
    fs.mkdirSync(path.join(folder, scope), { recursive: true });
    for (const parent of searched.map((place) => path.join(place, scope)).filter((place) => fs.existsSync(place))) {
      for (const name of fs.readdirSync(parent)) {
        const link = path.join(folder, scope, name);
        if (!fs.existsSync(link)) {
          fs.symlinkSync(path.join(parent, name), link, 'junction');
        }
      }
    }
  }
}
