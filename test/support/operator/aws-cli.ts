import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';
import * as sqs from '@aws-sdk/client-sqs';

type Value = unknown;
type Input = Readonly<Record<string, Value>>;

/** Packages of the services that the pages call, and the client of each. */
const SERVICES: Readonly<Record<string, readonly [object, string]>> = {
  cloudformation: [cloudformation, 'CloudFormationClient'],
  dynamodb: [dynamodb, 'DynamoDBClient'],
  lambda: [lambda, 'LambdaClient'],
  sqs: [sqs, 'SQSClient'],
};

const NUMBERS = ['ReservedConcurrentExecutions', 'WaitTimeSeconds', 'MaxNumberOfMessages', 'VisibilityTimeout'];
const LISTS = ['AttributeNames', 'StackStatusFilter'];
const TIMES = ['RestoreDateTime', 'ExportTime'];
/** Options without a value: their `--no-` form is the opposite. */
const FLAGS = ['enabled', 'deletion-protection-enabled', 'use-latest-restorable-time'];
const OF_THE_CLI = ['query', 'output', 'cli-binary-format', 'cli-read-timeout'];

export interface CliCall {
  /** As in the API: `ListStackResources`. */
  readonly operation: string;
  readonly input: Input;
  readonly query?: string;
  readonly output: string;
  /** Where `aws lambda invoke` writes the answer of the function. */
  readonly outfile?: string;
  send(endpoint: string): Promise<object>;
}

/** Reads the words after `aws` as the AWS CLI does, as far as our pages use it. */
export function cliCall([service = '', command = '', ...words]: readonly string[], readFile: (name: string) => string): CliCall {
  const [library, clientName] = SERVICES[service] ?? unknown(`the service ${service}`);
  const options: Record<string, string> = {};
  const input: Record<string, Value> = {};
  let outfile: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const name = /^--(.+)/.exec(words[i])?.[1];
    const flag = name?.replace(/^no-/, '') ?? '';
    if (name === undefined) {
      outfile = words[i];
    } else if (FLAGS.includes(flag)) {
      input[pascal(flag)] = flag === name;
    } else if (OF_THE_CLI.includes(name)) {
      options[name] = words[++i];
    } else {
      input[pascal(name)] = valueOf(pascal(name), words[++i] ?? unknown(`--${name} without a value`), readFile);
    }
  }
  const operation = pascal(command);
  const Command = (library as Record<string, new (input: Input) => object>)[`${operation}Command`] ?? unknown(`${service} ${command}`);
  const Client = (library as Record<string, typeof CloudFormationClient>)[clientName];
  return {
    operation,
    input,
    output: options.output ?? 'json',
    ...options.query !== undefined && { query: options.query },
    ...outfile !== undefined && { outfile },
    send: (endpoint) => new Client({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' }, maxAttempts: 1 })
      .send(new Command(input) as never),
  };
}

/** What the AWS CLI prints: nothing of an empty answer. */
export function printed(answer: object, { query, output }: Pick<CliCall, 'query' | 'output'>): string {
  const { $metadata: _, ...fields } = answer as Record<string, Value>;
  const value = query === undefined ? fields : queried(fields, query);
  if (output === 'text') {
    return `${Array.isArray(value) ? value.join('\t') : value === undefined || value === null ? 'None' : String(value)}\n`;
  }
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? '' : `${JSON.stringify(value, undefined, 4)}\n`;
}

/** The parts of JMESPath that the pages use: `A.B`, and `A[?B=='x' && contains(C, 'y')].D`. */
function queried(value: Input, query: string): Value {
  const [, list, conditions, field] = /^(\w+)\[\?(.+)\]\.(\w+)$/.exec(query) ?? [];
  if (list === undefined) {
    return /^[\w.]+$/.test(query) ? query.split('.').reduce((at: any, name) => at?.[name], value) : unknown(`--query ${query}`);
  }
  const tests = conditions.split(' && ').map((condition) => {
    const [, name, wanted] = /^(\w+)==?'([^']*)'$/.exec(condition) ?? [];
    const [, within, part] = /^contains\((\w+), '([^']*)'\)$/.exec(condition) ?? [];
    return name !== undefined
      ? (entry: Input) => entry[name] === wanted
      : within !== undefined ? (entry: Input) => String(entry[within]).includes(part) : unknown(`the condition ${condition}`);
  });
  return (value[list] as Input[]).filter((entry) => tests.every((test) => test(entry))).map((entry) => entry[field]);
}

function valueOf(name: string, text: string, readFile: (name: string) => string): Value {
  if (NUMBERS.includes(name)) {
    return Number(text);
  }
  if (TIMES.includes(name)) {
    return new Date(text);
  }
  if (LISTS.includes(name)) {
    return [text];
  }
  if (name === 'Payload') {
    return Buffer.from(text);
  }
  if (/^[{[]/.test(text) && name !== 'MessageBody') {
    return JSON.parse(text);
  }
  if (text.startsWith('file://')) {
    return JSON.parse(readFile(text.slice('file://'.length)));
  }
  if (/^[A-Z]\w*=/.test(text) && name !== 'MessageBody') {
    return Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s)).map(([key, value]) => [key, value === 'true' ? true : value === 'false' ? false : value]));
  }
  return text;
}

function pascal(name: string): string {
  return name === 'uuid' ? 'UUID' : name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}

function unknown(what: string): never {
  throw new Error(`the commands of the pages are not expected to have ${what}`);
}
