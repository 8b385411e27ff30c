import { secretArnOf } from './secret-arn';
import { nameInArn } from './secret-values';
import { arnIn, isArn } from '../../arn';
import type { MutableModel } from '../../model';
import type { Deployment } from '../../template';

/** Adds the parameters and secrets that were given on the command line, wherever the app has a stack. */
export function addGiven(model: MutableModel, deployment: Deployment): void {
  const places = new Map(model.stacks.map(({ account, region }) => [`${account} ${region}`, { account, region }]));
  for (const place of places.values()) {
    for (const [name, value] of Object.entries(deployment.given('ssm'))) {
      const arn = arnIn(place, 'ssm', `parameter/${name.replace(/^\//, '')}`);
      if (!model.parameters.some((parameter) => parameter.arn === arn)) {
        model.parameters.push({ stack: '', logicalId: name, name, arn, type: 'String', value });
      }
    }
    for (const [id, value] of Object.entries(deployment.given('secrets'))) {
      const name = isArn(id) ? nameInArn(id) : id;
      const arn = isArn(id) ? id : secretArnOf(place, name);
      const known = model.secrets.findIndex((secret) => secret.arn === arn);
      if (known < 0) {
        model.secrets.push({ stack: '', logicalId: name, name, arn, value });
      } else if (model.secrets[known]!.value === undefined) {
        model.secrets[known] = { ...model.secrets[known]!, value };
      }
    }
  }
}
