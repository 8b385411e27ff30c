/** What is left visible of an AWS account id: `0049`. */
export function accountEnding(accountId: string): string {
  return accountId.slice(-4);
}

/** Enough of an address for its owner to recognize it: `j•••@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [first] = email;
  return at < 1 ? '•••' : `${first}•••${email.slice(at)}`;
}
