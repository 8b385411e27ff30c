import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionConcurrencyCommand, GetEventSourceMappingCommand, GetFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { cliCall, printed } from './aws-cli';

/** In the shell, these three are what the machine of an operator has. Each argument ends in a zero byte. */
const COMMANDS = ['aws', 'npx', 'sleep'].map((command) =>
  `${command}() { printf '%s\\0' "$@" | curl -sS --fail-with-body --data-binary @- "$OPERATOR/${command}"; }`).join('\n');

interface StackResource {
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType?: string;
}

/** Which part of its stack a resource is: the CDK writes the name of the stack into some logical ids, and hashes of it. */
function partOf({ LogicalResourceId: id = '', ResourceType: type }: StackResource, stack: string): string {
  return `${type} ${id.replace(stack, '').replace(/[0-9A-F]{8}/g, '')}`;
}

/**
 * A person with a shell, the AWS CLI and the AWS CDK, whose AWS is a sandbox. The sandbox has all stacks from its start, so a stack that
 * is not deployed is one whose functions and mappings are stopped, and whose queues are emptied when it is deployed.
 */
export class Operator {
  /** Commands that failed, with the message. */
  readonly failures: string[] = [];
  /** By a name that the person uses, the stack of the sandbox that has it at present. */
  private readonly deployedAs = new Map<string, string>();
  private readonly destroyed = new Set<string>();
  /** What an update of a stack has put in place of a resource, by physical id. */
  private readonly replaced = new Map<string, string>();
  private readonly server = http.createServer((request, response) => void this.answer(request, response));
  private next: { readonly name: string; readonly stack: string; readonly inPlace: boolean } | undefined;
  private shell: ChildProcess | undefined;
  private printed = '';
  private readonly clients: { readonly cloudFormation: CloudFormationClient; readonly lambda: LambdaClient; readonly sqs: SQSClient };

  /** @param assembly folder of the cloud assembly that the sandbox has */
  constructor(private readonly sandbox: SandboxClient, private readonly assembly: string, private readonly folder: string) {
    const config = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' } };
    this.clients = { cloudFormation: new CloudFormationClient(config), lambda: new LambdaClient(config), sqs: new SQSClient(config) };
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    this.shell = spawn('bash', ['--noprofile', '--norc'], { cwd: this.folder, env: { PATH: process.env.PATH, OPERATOR: `http://127.0.0.1:${port}` } });
    this.shell.stdout!.on('data', (chunk) => { this.printed += String(chunk); });
    this.shell.stderr!.on('data', (chunk) => { this.failures.push(String(chunk)); });
    await this.run(COMMANDS);
  }

  stop(): void {
    this.shell?.kill();
    this.server.close();
  }

  /** Runs commands in the shell, which remembers variables and functions. @returns what they print */
  async run(commands: string): Promise<string> {
    const end = `end of commands ${Math.random()}`;
    this.printed = '';
    this.shell!.stdin!.write(`${commands}\necho; echo "${end}"\n`);
    while (!this.printed.includes(end)) {
      await once(this.shell!.stdout!, 'data');
    }
    return this.printed.split(end)[0].trim();
  }

  /** Stops everything of a stack, as if it were not there. */
  async undeploy(stack: string): Promise<void> {
    const { lambda } = this.clients;
    for (const { PhysicalResourceId: id, ResourceType: type } of await this.resources(stack)) {
      if (type === 'AWS::Lambda::Function') {
        await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: id, ReservedConcurrentExecutions: 0 }));
      } else if (type === 'AWS::Lambda::EventSourceMapping') {
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: false }));
      }
    }
  }

  /** What the next `cdk deploy` of a name deploys; with `inPlace`, it updates the resources of the stack that has the name now. */
  async deploy(name: string, stack: string, inPlace = false): Promise<void> {
    const { lambda, sqs } = this.clients;
    const before = inPlace ? await this.resources(name) : [];
    for (const resource of await this.resources(stack)) {
      const { PhysicalResourceId: id, ResourceType: type } = resource;
      const former = before.find((candidate) => partOf(candidate, name) === partOf(resource, stack));
      const isStopped = former !== undefined && await this.isStopped(former);
      if (former) {
        this.replaced.set(former.PhysicalResourceId!, id!);
      }
      // An update leaves alone what an operator has switched off.
      if (type === 'AWS::Lambda::Function' && !isStopped) {
        await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: id }));
      } else if (type === 'AWS::Lambda::EventSourceMapping' && !isStopped) {
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: true }));
      } else if (type === 'AWS::SQS::Queue' && !former) {
        await sqs.send(new PurgeQueueCommand({ QueueUrl: id }));
      }
    }
    if (inPlace) {
      await this.undeploy(name);
    }
    this.deployedAs.set(name, stack);
  }

  /** What a name will stand for when `cdk deploy` is run. */
  willDeploy(name: string, stack: string, inPlace = false): void {
    this.next = { name, stack, inPlace };
  }

  async destroy(name: string): Promise<void> {
    const stack = this.deployedAs.get(name) ?? name;
    await this.undeploy(stack);
    this.destroyed.add(stack);
  }

  private async isStopped({ PhysicalResourceId: id, ResourceType: type }: StackResource): Promise<boolean> {
    const { lambda } = this.clients;
    switch (type) {
      case 'AWS::Lambda::Function':
        return (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: id }))).ReservedConcurrentExecutions === 0;
      case 'AWS::Lambda::EventSourceMapping':
        return (await lambda.send(new GetEventSourceMappingCommand({ UUID: id }))).State !== 'Enabled';
      default:
        return false;
    }
  }

  private async resources(stack: string): Promise<StackResource[]> {
    const { StackResourceSummaries: resources = [] } = await this.clients.cloudFormation.send(new ListStackResourcesCommand({ StackName: stack }));
    return resources;
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const words = Buffer.concat(chunks).toString().split('\0').slice(0, -1);
    try {
      response.end(await this.command(request.url!.slice(1), words));
    } catch (error) {
      this.failures.push(`${request.url} ${words.join(' ')}: ${(error as Error).message}`);
      response.writeHead(500).end(`${(error as Error).message}\n`);
    }
  }

  private async command(program: string, words: readonly string[]): Promise<string> {
    switch (program) {
      case 'sleep':
        await this.sandbox.advance(`PT${words[0]}S`);
        return '';
      case 'npx':
        return this.cdk(words);
      default:
        return this.aws(words);
    }
  }

  private async cdk([program, command, name = '']: readonly string[]): Promise<string> {
    if (program === 'cdk' && command === 'deploy' && this.next?.name === name) {
      await this.deploy(name, this.next.stack, this.next.inPlace);
      return `${name}: deployed\n`;
    }
    if (program === 'cdk' && command === 'destroy') {
      await this.destroy(name);
      return `${name}: destroyed\n`;
    }
    throw new Error(`nothing is planned for ${program} ${command} ${name}`);
  }

  private async aws(words: readonly string[]): Promise<string> {
    const call = cliCall(words.map((word) => this.replaced.get(word) ?? word), (file) => readFileSync(path.resolve(this.folder, file), 'utf8'));
    const answer = await this.ofStacks(call.operation, call.input) ?? await call.send(this.sandbox.endpoint);
    if (call.outfile !== undefined) {
      writeFileSync(call.outfile, Buffer.from((answer as { Payload?: Uint8Array }).Payload ?? []));
    }
    return printed(answer, call);
  }

  /** What CloudFormation says of stacks, as the sandbox has them under other names, and does not know that they were destroyed. */
  private async ofStacks(operation: string, { StackName: name }: Readonly<Record<string, unknown>>): Promise<object | undefined> {
    if (operation === 'ListStacks') {
      return { StackSummaries: [...this.destroyed].map((stack) => ({ StackName: stack, StackId: `destroyed:${stack}` })) };
    }
    if (operation !== 'ListStackResources') {
      return undefined;
    }
    const stack = String(name).replace(/^destroyed:/, '');
    const resources = await this.resources(String(name).startsWith('destroyed:') ? stack : this.deployedAs.get(stack) ?? stack);
    const isGone = String(name).startsWith('destroyed:');
    const status = (id: string) => (!isGone ? 'CREATE_COMPLETE' : this.isRetained(stack, id) ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE');
    return { StackResourceSummaries: resources.map((resource) => ({ ...resource, ResourceStatus: status(resource.LogicalResourceId!) })) };
  }

  /** Whether a resource stays when its stack is deleted. */
  private isRetained(stack: string, logicalId: string): boolean {
    const template = JSON.parse(readFileSync(path.join(this.assembly, `${stack}.template.json`), 'utf8'));
    return /^Retain/.test(template.Resources[logicalId].DeletionPolicy ?? 'Delete');
  }
}
