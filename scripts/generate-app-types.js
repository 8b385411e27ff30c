'use strict';
/**
 * Writes the types of usage records and domain events, from the published schemas: `client/schema-types.ts` for the npm package, and
 * `examples/python/functions/marketplace_types.py`. It knows the words of JSON Schema that these schemas use, and fails on others.
 */
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const files = ['usage-record', 'usage-rejected', 'usage-unresolved'].map((name) => `schema/${name}.schema.json`)
  .concat(fs.readdirSync(path.join(ROOT, 'schema/events')).sort().map((name) => `schema/events/${name}`));
const schemas = files.map((file) => JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8')));

/** Words that limit values, and not their type. */
const LIMITS = ['$schema', '$id', '$defs', 'title', 'description', 'examples', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum',
  'minItems', 'maxItems', 'maxProperties', 'propertyNames'];
const KNOWN = new Set([...LIMITS, 'type', 'properties', 'required', 'enum', 'const', '$ref', 'items', 'additionalProperties', 'anyOf', 'oneOf']);

const pascal = (text) => text.replace(/(?:^|[^A-Za-z]+)([a-z])/gi, (_, letter) => letter.toUpperCase());
const isEvent = (schema) => schema.title !== 'Usage record';
const nameOf = (schema) => `${pascal(schema.title)}${isEvent(schema) ? 'Detail' : ''}`;

/** The parts of a schema that have a name of their own: what it refers to, and objects within it. */
class Language {
  constructor(writer) {
    this.writer = writer;
    this.declared = new Map();
  }

  /** Declares a type for the schema's object, and returns its name. */
  declare(name, schema, root) {
    const fields = Object.entries(schema.properties).map(([field, value]) => ({
      field, type: this.typeOf(value, pascal(field), root), required: (schema.required ?? []).includes(field), text: value.description,
    }));
    const alternatives = (schema.oneOf ?? []).map(({ required }) => required);
    const text = this.writer.declare(name, schema.description ?? `One of the ${name.toLowerCase()}s.`, fields, alternatives);
    if ((this.declared.get(name) ?? text) !== text) {
      throw new Error(`two types of the name ${name}`);
    }
    this.declared.set(name, text);
    return name;
  }

  typeOf(schema, name, root) {
    const unknown = Object.keys(schema).filter((word) => !KNOWN.has(word));
    if (unknown.length > 0) {
      throw new Error(`${root.title}: ${unknown.join(', ')} of JSON Schema has no type here yet`);
    }
    if (schema.$ref) {
      const definition = schema.$ref.replace('#/$defs/', '');
      return this.typeOf(root.$defs[definition], pascal(definition), root);
    }
    if (schema.const !== undefined || schema.enum) {
      return this.writer.literals(schema.enum ?? [schema.const]);
    }
    if (schema.anyOf) {
      return this.writer.union([...new Set(schema.anyOf.map((part) => this.typeOf(part, name, root)))]);
    }
    return this.writer.union([].concat(schema.type).map((type) => this.plain(type, schema, name, root)));
  }

  plain(type, schema, name, root) {
    if (type === 'array') {
      return this.writer.list(this.typeOf(schema.items, name.replace(/s$/, ''), root));
    }
    if (type !== 'object') {
      return this.writer.plain[type];
    }
    return schema.properties
      ? this.declare(name, schema, root)
      : this.writer.map(this.typeOf(schema.additionalProperties, name.replace(/s$/, ''), root));
  }
}

const typescript = {
  plain: { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' },
  literals: (values) => values.map((value) => `'${value}'`).join(' | '),
  union: (types) => types.join(' | '),
  list: (type) => `readonly ${type}[]`,
  map: (type) => `Readonly<Record<string, ${type}>>`,
  declare: (name, text, fields, alternatives) => {
    const members = fields.map(({ field, type, required, text: about }) =>
      `${about ? `${comment(about, '  ')}\n` : ''}  readonly ${field}${required ? '' : '?'}: ${type};`);
    const body = `{\n${members.join('\n')}\n}`;
    const either = alternatives.map(([field]) => `{ readonly ${field}: string }`).join(' | ');
    return `${comment(text, '')}\nexport ${either ? `type ${name} = (${either}) & ${body};` : `interface ${name} ${body}`}`;
  },
};

const python = {
  plain: { string: 'str', number: 'float', integer: 'int', boolean: 'bool', null: 'None' },
  literals: (values) => `Literal[${values.map((value) => `"${value}"`).join(', ')}]`,
  union: (types) => (types.length > 1 ? `Union[${types.join(', ')}]` : types[0]),
  list: (type) => `List[${type}]`,
  map: (type) => `Dict[str, ${type}]`,
  declare: (name, text, fields) => {
    const members = fields.map(({ field, type, required }) => `    ${field}: ${required ? type : `NotRequired[${type}]`}`);
    return `class ${name}(TypedDict):\n${docstring(text)}\n\n${members.join('\n')}`;
  },
};

/** Lines of at most 120 characters. */
function wrap(text, width) {
  return text.split(' ').reduce((lines, word) => {
    const last = lines[lines.length - 1];
    return last !== '' && `${last} ${word}`.length > width ? [...lines, word] : [...lines.slice(0, -1), last === '' ? word : `${last} ${word}`];
  }, ['']);
}

function comment(text, indent) {
  const lines = wrap(text, 116 - indent.length);
  return lines.length === 1 ? `${indent}/** ${text} */` : [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`].join('\n');
}

function docstring(text) {
  const lines = wrap(text, 110);
  return lines.length === 1 ? `    """${text}"""` : [`    """${lines[0]}`, ...lines.slice(1).map((line) => `    ${line}`), '    """'].join('\n');
}

function typesOf(writer) {
  const language = new Language(writer);
  schemas.forEach((schema) => language.declare(nameOf(schema), schema, schema));
  return [...language.declared.values()];
}

const events = schemas.filter(isEvent);
const NOTE = 'Generated from schema/ by scripts/generate-app-types.js: do not edit.';

fs.writeFileSync(path.join(ROOT, 'client/schema-types.ts'), [
  `// ${NOTE}`,
  ...typesOf(typescript),
  `/** The detail of each domain event, by its \`detail-type\`. */\nexport interface DomainEventDetails {\n${
    events.map((schema) => `  readonly '${schema.title}': ${nameOf(schema)};`).join('\n')}\n}`,
].join('\n\n') + '\n');

fs.writeFileSync(path.join(ROOT, 'examples/python/functions/marketplace_types.py'), [
  `"""Types of usage records and domain events. ${NOTE}"""`,
  'from typing import Dict, List, Literal, NotRequired, TypedDict, Union',
].join('\n\n') + `\n\n\n${typesOf(python).join('\n\n\n')}\n`);
