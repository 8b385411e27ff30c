import * as fs from 'fs';
import * as path from 'path';
import { FileSystem, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { HandlerSettings, SETTINGS_FILE } from '../names';

const ASSETS = path.join(__dirname, '..', '..', 'assets');

/** Folders by content: an app with many integrations of the same settings has one. */
const folders = new Map<string, string>();

/** The bundle of a handler, with its settings beside it. The hash of the asset depends on both. */
export function handlerCode(asset: string, settings?: HandlerSettings): lambda.Code {
  const bundle = path.join(ASSETS, asset);
  if (!settings) {
    return lambda.Code.fromAsset(bundle);
  }
  const json = JSON.stringify(settings);
  const key = `${asset} ${json}`;
  const folder = folders.get(key) ?? createFolder(bundle, json);
  folders.set(key, folder);
  return lambda.Code.fromAsset(folder);
}

function createFolder(bundle: string, settings: string): string {
  const folder = FileSystem.mkdtemp('marketplace-saas-');
  for (const file of fs.readdirSync(bundle)) {
    link(path.join(bundle, file), path.join(folder, file));
  }
  fs.writeFileSync(path.join(folder, SETTINGS_FILE), settings);
  return folder;
}

/** CDK follows links out of an asset, for the hash and for the copy. Windows lets administrators alone create links. */
function link(from: string, to: string): void {
  try {
    fs.symlinkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
  }
}

/** The properties that are known at synth, for the settings, and those that only CloudFormation knows, for the environment. */
export function splitByTokens<T extends object>(config: T): { readonly known: Partial<T>; readonly tokens: Partial<T> } {
  const entries = Object.entries(config);
  return {
    known: Object.fromEntries(entries.filter(([, value]) => !hasToken(value))) as Partial<T>,
    tokens: Object.fromEntries(entries.filter(([, value]) => hasToken(value))) as Partial<T>,
  };
}

function hasToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === 'object' && value !== null && Object.values(value).some(hasToken));
}
