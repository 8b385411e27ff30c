import { App, Tags } from 'aws-cdk-lib';
import { HopsArrival, HopsStart } from './hops';
import { FailingProduct, OverTables, Product } from './products';
import { StackName, STACKS } from '../stacks';

/** The app that `cdk` runs: makes the one stack that the environment names. */
function main({ LIVE_CHECK_STACK: stack, LIVE_CHECK_ACCOUNT: account, LIVE_CHECK_REGION: region, LIVE_CHECK_FAR_REGION: farRegion = '' }: NodeJS.ProcessEnv): void {
  const app = new App({ context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true } });
  // So that a person finds what is left: CDK takes the hyphens out of some names.
  Tags.of(app).add('mp-live-check', String(stack));
  const home = { stackName: stack, env: { account, region } };
  switch (stack as StackName) {
    case STACKS.EXAMPLE:
    case STACKS.SECOND:
      new Product(app, home);
      break;
    case STACKS.FAILING:
      new FailingProduct(app, home);
      break;
    case STACKS.OVER_TABLES:
      new OverTables(app, home);
      break;
    case STACKS.ARRIVAL:
      new HopsArrival(app, { stackName: stack, env: { account, region: farRegion } });
      break;
    case STACKS.HOPS:
      new HopsStart(app, { ...home, farRegion });
      break;
    default:
      throw new Error(`LIVE_CHECK_STACK is ${stack}: it has to be one of ${Object.values(STACKS).join(', ')}`);
  }
}

main(process.env);
