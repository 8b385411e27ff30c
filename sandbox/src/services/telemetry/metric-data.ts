import * as zlib from 'node:zlib';
import type { MetricMinute, MetricName } from '../../control/metric-history';
import { AwsError } from '../../errors';
import type { AwsCall } from '../../gateway/aws-call';
import { readCbor } from '../../gateway/cbor';

/** A measurement that was sent to CloudWatch. */
export interface MetricDatum {
  readonly metric: MetricName;
  /** Epoch milliseconds. Absent: when it arrives. */
  readonly time?: number;
  readonly measured: MetricMinute;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The measurements of a PutMetricData, in each of CloudWatch's protocols.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 * @throws AwsError the request has no namespace, or a measurement without name or value
 */
export async function metricData(call: AwsCall): Promise<MetricDatum[]> {
  const { Namespace: namespace, MetricData: data } = await fieldsOf(call);
  if (typeof namespace !== 'string' || namespace === '') {
    throw new AwsError('MissingParameter', 'The parameter Namespace is required.');
  }
  return list(data).flatMap((each) => {
    const datum = each as Fields;
    const dimensions = Object.fromEntries(list(datum.Dimensions).map((dimension) => [(dimension as Fields).Name, (dimension as Fields).Value]));
    const measured = measurements(datum);
    if (typeof datum.MetricName !== 'string' || measured.length === 0) {
      throw new AwsError('InvalidParameterCombination', 'Each of MetricData needs a MetricName, and one of Value, Values and StatisticValues.');
    }
    const time = datum.Timestamp === undefined ? {} : { time: timeOf(datum.Timestamp) };
    return measured.map((one) => ({ metric: { namespace, name: datum.MetricName as string, dimensions }, ...time, measured: one }));
  });
}

function measurements({ Value, Values, Counts, StatisticValues }: Fields): MetricMinute[] {
  if (StatisticValues !== undefined) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues as Fields;
    return [{ sum: Number(Sum), count: Number(SampleCount), min: Number(Minimum), max: Number(Maximum) }];
  }
  const counts = list(Counts).map(Number);
  return (Value === undefined ? list(Values) : [Value]).map((given, index) => {
    const [value, count] = [Number(given), counts[index] ?? 1];
    return { sum: value * count, count, min: value, max: value };
  });
}

async function fieldsOf({ format, request: { body, headers }, parameters }: AwsCall): Promise<Fields> {
  const text = headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body;
  switch (format) {
    case 'cbor': return await readCbor(text) as Fields;
    case 'json': return JSON.parse(text.toString()) as Fields;
    default: return nested(text === body ? parameters : Object.fromEntries(new URLSearchParams(text.toString())));
  }
}

/** `MetricData.member.1.MetricName=…` and its like, as objects in objects. */
function nested(flat: Fields): Fields {
  const root: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(flat)) {
    const path = key.split('.').filter((part) => part !== 'member');
    const last = path.pop()!;
    const parent = path.reduce<Record<string, unknown>>((object, part) => (object[part] ??= {}) as Record<string, unknown>, root);
    parent[last] = value;
  }
  return root;
}

/** A list of the query protocol is an object with numbers as keys. */
function list(value: unknown): unknown[] {
  return Object.values((value ?? []) as object);
}

/** Epoch seconds, which CBOR marks with a tag, or ISO 8601. */
function timeOf(value: unknown): number {
  const { value: seconds = value } = Object(value) as { value?: unknown };
  return typeof seconds === 'number' ? seconds * 1000 : Date.parse(String(seconds));
}
