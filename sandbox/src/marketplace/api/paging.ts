/** Opaque paging tokens: the position, and the query it belongs to. */
export function encodePosition(position: number, question: string): string {
  return Buffer.from(JSON.stringify([position, question])).toString('base64url');
}

/** @returns undefined when the token is not one of ours, or of another question */
export function decodePosition(token: string, question: string): number | undefined {
  try {
    const [position, asked] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [unknown, unknown];
    return typeof position === 'number' && asked === question ? position : undefined;
  } catch {
    return undefined;
  }
}
