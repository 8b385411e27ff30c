import { IResource, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

/** An error about one prop: its path, the value received, and what is right, in one sentence. */
export function invalidProp(path: string, received: unknown, right: string): Error {
  return new Error(`MarketplaceSaas: ${path}: received ${describe(received)}; ${right}`);
}

function describe(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (Token.isUnresolved(value)) {
    return 'a token';
  }
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // A construct refers to its parent, which refers to it.
    return `an object of ${(value as object).constructor.name}`;
  }
}

/** Adds the path of the construct to an error about its props: an app may have many integrations. */
export function withPath<T>(scope: Construct, check: () => T): T {
  try {
    return check();
  } catch (error) {
    (error as Error).message += ` (${scope.node.path})`;
    throw error;
  }
}

/** Refuses what JavaScript, or a cast, lets through: it would fail later, by an error that names no prop. */
export function checkInstance(path: string, value: unknown, type: { [Symbol.hasInstance](instance: unknown): boolean }, right: string): void {
  if (value !== undefined && !type[Symbol.hasInstance](value)) {
    throw invalidProp(path, value, `give ${right}`);
  }
}

/** Refuses a string that was cast to the enum from context, a file or the environment, and is not one of its values. */
export function checkEnum<T extends string>(path: string, value: T, values: Readonly<Record<string, T>>): void {
  if (!Object.values(values).includes(value)) {
    throw invalidProp(path, value, `give one of ${Object.values(values).join(', ')}`);
  }
}

/** @param note what follows the limits: a unit, or the reason for them */
export function checkInteger(path: string, value: number, least: number, most: number, note = ''): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    const [from, to] = [least, most].map((limit) => limit.toLocaleString('en-US'));
    throw invalidProp(path, value, `give a whole number from ${from} to ${to}${note}`);
  }
}

/** Source of a regular expression: an e-mail address without a name. */
const ADDRESS = '[^\\s@<>"]{1,64}@[^\\s@<>"]{1,189}';
const ADDRESS_ALONE = new RegExp(`^${ADDRESS}$`);

/** A name of ASCII characters and an address: the name is in quotes, or has no character that needs them in the header of an e-mail (RFC 5322, 3.2.3). */
const NAME_AND_ADDRESS = new RegExp(`^([\\x20-\\x3b\\x3d\\x3f-\\x7e]{1,100}) <(${ADDRESS})>$`);
const PLAIN_NAME = /^[^,;:@()[\]\\"]+$/;
const QUOTED_NAME = /^"[^"\\]+"$/;

/**
 * The address of a sender such as `Acme <hello@example.com>`.
 *
 * @throws Error when it is none, or when Amazon SES would refuse its name
 */
export function senderAddress(path: string, sender: string): string {
  if (!Token.isUnresolved(sender) && typeof sender === 'string') {
    const [, name, address] = NAME_AND_ADDRESS.exec(sender) ?? [];
    if (name !== undefined && !PLAIN_NAME.test(name) && !QUOTED_NAME.test(name)) {
      throw invalidProp(path, sender, 'put the name in quotes, such as "Acme, Inc." <hello@example.com>: without them it cannot have any of , ; : @ ( ) [ ] \\ "');
    }
    if (address !== undefined || ADDRESS_ALONE.test(sender)) {
      return address ?? sender;
    }
  }
  throw invalidProp(path, sender, 'give an address, or a name of ASCII characters and an address, such as Acme <hello@example.com>, known at synthesis');
}

export function checkEmailAddress(path: string, address: string): void {
  if (!Token.isUnresolved(address) && !ADDRESS_ALONE.test(address)) {
    throw invalidProp(path, address, 'give an e-mail address, such as support@example.com');
  }
}

/** One line of text of the seller, which must be known at synthesis. */
export function checkText(path: string, text: string, max: number): void {
  if (Token.isUnresolved(text) || text.trim() === '' || [...text].length > max || /\p{Cc}/u.test(text)) {
    throw invalidProp(path, text, `give 1 to ${max} characters on one line, known at synthesis`);
  }
}

/** An https URL; where tokens are fine, what only CloudFormation knows is not checked. */
export function checkUrl(path: string, url: string): void {
  if (!Token.isUnresolved(url) && (url.length > 500 || !URL.canParse(url) || new URL(url).protocol !== 'https:')) {
    throw invalidProp(path, url, 'give an https URL of at most 500 characters');
  }
}

/** A URL that can get a query string. */
export function checkUrlWithoutFragment(path: string, url: string): void {
  checkUrl(path, url);
  if (!Token.isUnresolved(url) && url.includes('#')) {
    throw invalidProp(path, url, 'give a URL without a fragment');
  }
}

export function checkExternalId(path: string, externalId: string): void {
  if (!Token.isUnresolved(externalId) && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw invalidProp(path, externalId, 'an external id is 2 to 1,224 letters, digits or _+=,.@:/-');
  }
}

/**
 * Functions and rules of this stack find a resource by its name in their own account and region, so one of another place
 * cannot be meant.
 */
export function checkIsHere(scope: Construct, path: string, kind: string, { env }: IResource, right: string): void {
  const { account, region } = Stack.of(scope);
  const differs = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
  if (differs(env.region, region)) {
    throw invalidProp(path, `a ${kind} in ${env.region}`, `this stack is in ${region}: ${right}`);
  }
  if (differs(env.account, account)) {
    throw invalidProp(path, `a ${kind} of account ${env.account}`, `this stack is in account ${account}: ${right}`);
  }
}

export function checkBusIsHere(scope: Construct, path: string, bus: events.IEventBus | undefined): void {
  if (bus) {
    checkIsHere(scope, path, 'bus', bus, 'give a bus of the same account and region, and forward events between the two by a rule');
  }
}

/** AWS Lambda's limit, names and values together. */
const MAX_ENVIRONMENT_BYTES = 4096;

/** What a reference may be worth at deployment: names of resources are at most about this long. */
const REFERENCE_BYTES = 100;

/**
 * Fails at synthesis instead of at deployment.
 *
 * @throws Error if the variables do not fit a function
 */
export function checkEnvironmentSize(scope: Construct, asset: string, environment: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(environment).reduce((sum, [name, value]) => sum + name.length + bytesOf(Stack.of(scope).resolve(value)), 0);
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw new Error(`MarketplaceSaas: registration and sellerAccess: received ${bytes} bytes of environment for the function ${asset}; `
      + `AWS Lambda takes ${MAX_ENVIRONMENT_BYTES} bytes: use shorter URLs, names and external id, or values that are known at synth, which take no room there`);
  }
}

function bytesOf(resolved: unknown): number {
  if (typeof resolved === 'string') {
    return Buffer.byteLength(resolved);
  }
  const joined = (resolved as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return joined ? joined[1].reduce<number>((sum, part) => sum + bytesOf(part), 0) : REFERENCE_BYTES;
}
