import * as fs from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

const SDK_2 = /^aws-sdk(?:\/|$)/;
const SDK_CLIENT = /^@aws-sdk\/client-/;

export type Handler = (event: unknown, context: unknown, callback?: (error?: unknown, result?: unknown) => void) => unknown;

/**
 * Finds `path/to/file.export` the way Lambda does: `.js`, `.mjs`, then `.cjs`, CommonJS or ES module.
 * @param fallback a file of the sandbox: AWS SDK packages the code does not bring are resolved from there
 */
export async function loadHandler(root: string, handler: string, fallback: string): Promise<Handler> {
  const match = /^(.*?)([^/.]+)\.(.+)$/.exec(handler);
  if (!match) {
    throw named('Runtime.MalformedHandlerName', `Bad handler "${handler}": expected "file.export"`);
  }
  const [, folder, file, exported] = match;
  const stem = path.resolve(root, folder, file);
  const found = ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find((candidate) => fs.existsSync(candidate));
  if (!found) {
    throw named('Runtime.ImportModuleError', `Cannot find module "${file}" of handler "${handler}" in ${root}`);
  }

  resolveSdkFrom(fallback);
  const loaded = await load(found);
  const value = pick(loaded, exported) ?? pick((loaded as { default?: unknown }).default, exported);
  if (typeof value !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return value as Handler;
}

async function load(file: string): Promise<unknown> {
  if (file.endsWith('.mjs')) {
    return import(pathToFileURL(file).href);
  }
  try {
    return createRequire(file)(file);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'ERR_REQUIRE_ASYNC_MODULE' || code === 'ERR_REQUIRE_ESM') {
      return import(pathToFileURL(file).href);
    }
    throw error;
  }
}

/** Lambda's Node.js runtime provides the AWS SDK; here the sandbox does, for code that does not bring its own. */
function resolveSdkFrom(fallback: string): void {
  const parentURL = pathToFileURL(fallback).href;
  registerHooks?.({
    resolve(specifier, context, next) {
      if (SDK_2.test(specifier)) {
        return orElse(() => next(specifier, context), missingSdk2);
      }
      if (!/^@(aws-sdk|smithy)\//.test(specifier)) {
        return next(specifier, context);
      }
      try {
        return next(specifier, context);
      } catch {
        try {
          return next(specifier, { ...context, parentURL });
        } catch (error) {
          throw SDK_CLIENT.test(specifier) ? missingClient(specifier) : error;
        }
      }
    },
  });
}

/** Lambda's runtime has every client of the AWS SDK; the sandbox those of the services that it emulates, and what is installed beside it. */
function missingClient(specifier: string): Error {
  return Object.assign(
    new Error(`Cannot find module '${specifier}': Lambda's runtime has it, and the sandbox does not, as it does not emulate the service. `
      + `Install it beside the sandbox (npm install --save-dev ${specifier}), or bundle it with the function`),
    { code: 'MODULE_NOT_FOUND' },
  );
}

function missingSdk2(): Error {
  return Object.assign(
    new Error("Cannot find module 'aws-sdk': Lambda's runtimes have version 3 of the AWS SDK since nodejs18.x. Bundle version 2 with the function, or use @aws-sdk/client-…"),
    { code: 'MODULE_NOT_FOUND' },
  );
}

function orElse<T>(run: () => T, failure: () => Error): T {
  try {
    return run();
  } catch {
    throw failure();
  }
}

function pick(loaded: unknown, exported: string): unknown {
  return exported.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], loaded);
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
