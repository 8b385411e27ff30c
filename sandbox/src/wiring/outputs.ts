import type { StackModel } from '../model';

type StackOutputs = Pick<StackModel, 'name' | 'outputs'>;

/** The outputs of all stacks by name, and by `Stack.Name` where several stacks have one of that name: the name alone is that of the first. */
export function outputsOf(stacks: readonly StackOutputs[]): Record<string, unknown> {
  const qualified = stacks.flatMap(({ name: stack, outputs }) => Object.entries(outputs)
    .filter(([name]) => repeatedOutputs(stacks).includes(name))
    .map(([name, value]) => [`${stack}.${name}`, value] as const));
  return { ...Object.assign({}, ...stacks.map(({ outputs }) => outputs).reverse()), ...Object.fromEntries(qualified) };
}

/** Names of outputs that several stacks have. */
export function repeatedOutputs(stacks: readonly StackOutputs[]): string[] {
  const names = stacks.flatMap(({ outputs }) => Object.keys(outputs));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
