/** What is metered as one record: the usage of a license in a dimension in an hour. */
export interface Bucket {
  readonly licenseId: string;
  readonly dimension: string;
  /** As in `hour.ts`. */
  readonly hour: string;
}

/** Unique text of a bucket. License ids and hours contain no `#`; a dimension may. */
export function bucketId(bucket: Bucket): string {
  return `${bucket.licenseId}#${bucket.dimension}#${bucket.hour}`;
}

export function parseBucketId(id: string): Bucket {
  const first = id.indexOf('#');
  const last = id.lastIndexOf('#');
  if (first < 0 || last <= first) {
    throw new Error(`Not a bucket id: ${id}`);
  }
  return { licenseId: id.slice(0, first), dimension: id.slice(first + 1, last), hour: id.slice(last + 1) };
}
