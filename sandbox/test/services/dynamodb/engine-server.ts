import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDb } from '../../../src/services/dynamodb/engine';

export interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Runs `use` with an engine that answers as `answer` says. @returns the calls that it received */
export async function callsTo(answer: (call: Call) => object, use: (engine: DynamoDb) => Promise<unknown>): Promise<Call[]> {
  const calls: Call[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = { operation: String(request.headers['x-amz-target']).split('.')[1]!, input: JSON.parse(Buffer.concat(chunks).toString()) };
      calls.push(call);
      response.end(JSON.stringify(answer(call)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const engine = new DynamoDb(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await use(engine);
  } finally {
    engine.close();
    server.close();
  }
  return calls;
}
