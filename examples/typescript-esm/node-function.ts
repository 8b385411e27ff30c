import * as path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** A function of the product, whose code is in the folder `functions/<id in lower case>`. */
export function nodeFunction(scope: Construct, id: string, environment: Record<string, string>): lambda.Function {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(path.join(import.meta.dirname, 'functions', id.toLowerCase())),
    timeout: Duration.seconds(10),
    memorySize: 256,
    environment,
  });
}
