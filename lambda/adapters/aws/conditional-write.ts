/** After so many conflicts the write fails: its trigger is delivered, or asked for, again. */
const ATTEMPTS = 10;

export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/** Lets a write pass only if the item is still as it was read at `revision`, or does still not exist. */
export function unchangedSince(revision: number | undefined): Condition {
  return revision === undefined
    ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
    : { ConditionExpression: '#revision = :revision', ExpressionAttributeNames: { '#revision': 'revision' }, ExpressionAttributeValues: { ':revision': revision } };
}

/** Runs a read and a conditional write again when another writer came between the two. */
export async function retryOnConflict<T>(readAndWrite: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readAndWrite();
    } catch (error) {
      if (!isConditionalCheckFailed(error) || attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}

export function isConditionalCheckFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
