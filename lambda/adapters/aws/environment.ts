import * as z from 'zod/mini';
import { registrationSchema } from './settings';
import { Env, type RegistrationConfig } from '../../../src/names';

/** How one variable is read: its schema, and in words what is right. */
interface Variable<T> {
  readonly schema: z.ZodMiniType<T>;
  readonly is: string;
  /** Its value must not show up in an error message. */
  readonly confidential?: boolean;
}

const text = z.string().check(z.minLength(1));
const matching = (pattern: RegExp) => z.string().check(z.regex(pattern));
const region = matching(/^[a-z]{2}(-[a-z]+)+-\d$/);
const seconds = matching(/^\d{1,6}$/);
/** Text that becomes a number: `fallback` where the variable is not set. */
const numberOf = (schema: z.ZodMiniType<string, string>, fallback: number) => z.pipe(z._default(schema, String(fallback)), z.transform(Number));
const oneOf = <T extends string>(...values: readonly T[]) => z.enum(values as readonly [T, ...T[]]);

function json<T>(schema: z.ZodMiniType<T>, fallback: string): z.ZodMiniType<T> {
  const parsed = z.transform((value: string, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.issues.push({ code: 'custom', message: 'not JSON', input: value });
      return z.NEVER;
    }
  });
  return z.pipe(z.pipe(z._default(text, fallback), parsed), schema) as unknown as z.ZodMiniType<T>;
}

function variable<T>(schema: z.ZodMiniType<T>, is: string, confidential = false): Variable<T> {
  return { schema, is, confidential };
}

const table = () => variable(text, 'the name of a DynamoDB table');

/** Schemas are made when they are read: a handler reads some of the variables, and to make all of them takes a part of its cold start. */
const VARIABLES = {
  [Env.PRODUCT_CODE]: () => variable(matching(/^[-a-zA-Z0-9/=:_.@]{1,255}$/), 'the product code of the listing'),
  [Env.PRICING_MODEL]: () => variable(z._default(oneOf('SUBSCRIPTION', 'CONTRACT', 'CONTRACT_WITH_CONSUMPTION'), 'SUBSCRIPTION'),
    'SUBSCRIPTION, CONTRACT or CONTRACT_WITH_CONSUMPTION'),
  [Env.AGREEMENT_MODE]: () => variable(z._default(oneOf('CONCURRENT', 'LEGACY', 'MIGRATING'), 'CONCURRENT'), 'CONCURRENT, LEGACY or MIGRATING'),
  [Env.SUBSCRIPTIONS_TABLE]: table,
  [Env.REGISTRATIONS_TABLE]: table,
  [Env.USAGE_TABLE]: table,
  [Env.EVENT_BUS_NAME]: () => variable(text, 'the name or ARN of an event bus'),
  [Env.SELLER_ROLE_ARN]: () => variable(z.optional(matching(/^arn:[^:]+:iam::\d{12}:role\/.+$/)),
    'the ARN of an IAM role in the seller account, or not set'),
  [Env.SELLER_EXTERNAL_ID]: () => variable(z.optional(z.string().check(z.minLength(2), z.maxLength(1224))), 'an external id of 2 to 1224 characters, or not set', true),
  [Env.MARKETPLACE_REGION]: () => variable(z._default(region, 'us-east-1'), 'a region like us-east-1'),
  [Env.METERING_REGION]: () => variable(z._default(region, 'us-east-1'), 'a region like us-east-1'),
  [Env.METERING_MODE]: () => variable(oneOf('LIVE', 'DRY_RUN'), 'LIVE or DRY_RUN'),
  [Env.MAX_CALLS_PER_SECOND]: () => variable(numberOf(matching(/^(?=.*[1-9])\d+(\.\d+)?$/), 10),
    'a number above 0'),
  [Env.CLOSE_GRACE_SECONDS]: () => variable(numberOf(seconds, 600), 'a whole number of seconds'),
  [Env.FINAL_USAGE_GRACE_SECONDS]: () => variable(numberOf(seconds, 600), 'a whole number of seconds'),
  [Env.LATE_USAGE_POLICY]: () => variable(z._default(oneOf('CARRY_FORWARD', 'REJECT'), 'CARRY_FORWARD'), 'CARRY_FORWARD or REJECT'),
  [Env.REPORT_ZERO_USAGE]: () => variable(z.pipe(z._default(oneOf('true', 'false'), 'true'), z.transform((value) => value === 'true')), 'true or false'),
  [Env.REGISTRATION]: () => variable<RegistrationConfig>(json(registrationSchema(), '{}'), 'a JSON object like {"productName":"Acme"}, or not set'),
  [Env.WORKLOAD_EVENT_BUS_ARN]: () => variable(matching(/^arn:[^:]+:events:[a-z0-9-]+:\d{12}:event-bus\/.+$/), 'the ARN of an event bus'),
  [Env.REGISTRATION_URL]: () => variable(z.url(), 'the URL of the registration page'),
  [Env.EMAIL_CONFIGURATION_SET]: () => variable(z.optional(text), 'the name of a configuration set of Amazon SES, or not set'),
  [Env.CONTACT_TOPICS]: () => variable(json(z.array(text), '[]'), 'a JSON array of ARNs of SNS topics, or not set'),
  [Env.INTEGRATION_ID]: () => variable(text, 'the id that distinguishes this integration from others'),
};

type Variables = typeof VARIABLES;
export type EnvironmentVariable = keyof Variables;
export type Environment<K extends EnvironmentVariable> = {
  readonly [Name in K]: Variables[Name] extends () => Variable<infer T> ? T : never;
};

/**
 * Reads the named variables, once, at the start of a handler.
 *
 * @throws Error that names every variable that is wrong, the value it has and what would be right. An empty value
 * counts as not set.
 */
export function readEnvironment<K extends EnvironmentVariable>(
  source: Readonly<Record<string, string | undefined>>, ...names: readonly K[]
): Environment<K> {
  const values: Partial<Record<K, unknown>> = {};
  const problems: string[] = [];
  for (const name of names) {
    const { schema, is, confidential } = VARIABLES[name]() as Variable<unknown>;
    const given = source[name] || undefined;
    const parsed = schema.safeParse(given);
    if (parsed.success) {
      values[name] = parsed.data;
    } else {
      const got = given === undefined ? 'is not set' : confidential ? 'is malformed' : `is ${JSON.stringify(given)}`;
      problems.push(`Environment variable ${name} ${got}: it must be ${is}.`);
    }
  }
  if (problems.length > 0) {
    throw new Error(problems.join(' '));
  }
  return values as Environment<K>;
}
