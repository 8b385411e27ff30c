/** Account of a stack that names none. */
export const NO_ACCOUNT = '000000000000';

/** Whether these are two accounts: nothing can be told of one that is not named. */
export function areDifferent(one: string, other: string): boolean {
  return one !== other && one !== NO_ACCOUNT && other !== NO_ACCOUNT;
}
