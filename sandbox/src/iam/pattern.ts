import { contextValues, type RequestContext } from './context';

const VARIABLE = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)')?\s*\}/g;

const LITERALS = new Set(['*', '?', '$']);

/**
 * A text of a policy as a regular expression's source, with its variables (`${aws:PrincipalAccount}`) filled in.
 * Undefined when a variable has no single value in the request: such a text matches nothing.
 */
export function expression(text: string, context: RequestContext, wildcards: boolean): string | undefined {
  let source = '';
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const value = variable(match[1] ?? '', match[2], context);
    if (value === undefined) {
      return undefined;
    }
    source += escaped(text.slice(end, match.index), wildcards) + escaped(value, false);
    end = match.index + match[0].length;
  }
  return source + escaped(text.slice(end), wildcards);
}

/** Compiled patterns: policies have few, and each call is checked against all of them. */
const compiled = new Map<string, RegExp>();
const MAX_COMPILED = 10_000;

export function matches(source: string | undefined, value: string, ignoreCase = false): boolean {
  return source !== undefined && compile(`^${source}$`, ignoreCase ? 'is' : 's').test(value);
}

function compile(source: string, flags: string): RegExp {
  const key = `${flags} ${source}`;
  let expressionOf = compiled.get(key);
  if (expressionOf === undefined) {
    if (compiled.size >= MAX_COMPILED) {
      compiled.clear();
    }
    expressionOf = new RegExp(source, flags);
    compiled.set(key, expressionOf);
  }
  return expressionOf;
}

function variable(name: string, fallback: string | undefined, context: RequestContext): string | undefined {
  if (LITERALS.has(name)) {
    return name;
  }
  const values = contextValues(context, name);
  return values?.length === 1 ? values[0] : fallback;
}

function escaped(text: string, wildcards: boolean): string {
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return wildcards ? literal.replaceAll('\\*', '.*').replaceAll('\\?', '.') : literal;
}
