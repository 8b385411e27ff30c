'use strict';
/**
 * Compares the public API that jsii generates for Python, Java, Go and C# with the listing of each language in test/api: a change of a name, a
 * type or a parameter shows there as its users will see it. `node scripts/language-api.js --update` writes the listings anew.
 * Needs a compiled library (.jsii), and no tool chain of a language.
 */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const LISTINGS = path.join(ROOT, 'test/api');

/** Declarations of a language: of a type (unindented in the listing), and of members. */
const LANGUAGES = {
  python: { files: /^python\/src\/cdk_marketplace_saas\/__init__\.py$/, declarations: pythonDeclarations },
  java: { files: /^java\/src\/main\/java\/.*\/[A-Z]\w+\.java$/, declarations: javaDeclarations },
  go: { files: /^go\/cdkmarketplacesaas\/[A-Z]\w*(?<!_checks)\.go$/, declarations: goDeclarations },
  csharp: { files: /^dotnet\/.*\/CdkMarketplaceSaas\/[A-Z]\w+\.cs$/, declarations: csharpDeclarations },
};

const generated = fs.mkdtempSync(path.join(os.tmpdir(), 'language-api-'));
try {
  execFileSync(path.join(ROOT, 'node_modules/.bin/jsii-pacmak'), ['--code-only', '--target', 'python', 'java', 'go', 'dotnet', '-o', generated], {
    cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'],
  });
  const files = fs.readdirSync(generated, { recursive: true }).map((file) => file.split(path.sep).join('/')).sort();
  const outcomes = Object.entries(LANGUAGES).map(([language, { files: pattern, declarations }]) => {
    const lines = files.filter((file) => pattern.test(file)).flatMap((file) => declarations(fs.readFileSync(path.join(generated, file), 'utf8')));
    return check(language, `${lines.join('\n')}\n`);
  });
  process.exitCode = outcomes.every(Boolean) ? 0 : 1;
} finally {
  fs.rmSync(generated, { recursive: true, force: true });
}

function check(language, listing) {
  const file = path.join(LISTINGS, `${language}.txt`);
  const names = listing.split('\n').length - 1;
  if (process.argv.includes('--update')) {
    fs.mkdirSync(LISTINGS, { recursive: true });
    fs.writeFileSync(file, listing);
  }
  const known = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const [before, after] = [new Set(known.split('\n')), new Set(listing.split('\n'))];
  for (const line of before) {
    if (!after.has(line)) console.error(`${language}: - ${line.trim()}`);
  }
  for (const line of after) {
    if (!before.has(line)) console.error(`${language}: + ${line.trim()}`);
  }
  const same = known === listing && names > 300;
  console.log(`${language}: ${names} declarations, ${same ? 'as listed' : 'not as listed in test/api: node scripts/language-api.js --update'}`);
  return same;
}

/** Qualified names of types, to their last part. */
function shorten(declaration) {
  return declaration.replace(/@[\w.]+ /g, '').replace(/\b(?:[a-zA-Z_]\w*\.)+(?=[A-Z])/g, '').replace(/\s+/g, ' ').trim();
}

/** Types without their arguments, which have commas too. */
function withoutBrackets(declaration) {
  const shorter = declaration.replace(/\[[^[\]]*\]/g, '');
  return shorter === declaration ? declaration : withoutBrackets(shorter);
}

function pythonDeclarations(code) {
  const found = [];
  let type;
  const lines = code.split('\n');
  lines.forEach((line, index) => {
    const declared = /^class (\w+)(?:\(|:)/.exec(line);
    if (declared) {
      type = declared[1].startsWith('_') ? undefined : declared[1];
      if (type) found.push(type);
    } else if (/^\S/.test(line) && !line.startsWith('@') && !line.startsWith(')')) {
      type = undefined;
    }
    const member = /^ {4}(?:def ([a-z]\w*|__init__)\(|([A-Z][A-Z0-9_]*) = ")/.exec(line);
    if (type && member && member[2]) {
      found.push(`  ${member[2]}`);
    } else if (type && member) {
      // On one line, or each on a line of its own.
      const end = line.includes(') ->') ? index : lines.findIndex((other, at) => at > index && other.startsWith('    ) ->'));
      const declared = end === index ? /\((.*)\) ->/.exec(line)[1] : lines.slice(index + 1, end).join('');
      const parameters = withoutBrackets(declared).split(',').map((parameter) => /^\s*(\*{0,2}\w*)/.exec(parameter)[1])
        .filter((name) => name && name !== 'self' && name !== 'cls');
      found.push(`  ${member[1]}(${parameters.join(', ')})`);
    }
  });
  return found;
}

function javaDeclarations(code) {
  return code.split('\n').flatMap((line) => {
    const type = /^(public (?:abstract )?(?:class|interface|enum) .+?) \{/.exec(line);
    if (type) return [shorten(type[1])];
    const value = /^ {4}([A-Z][A-Z0-9_]*)[,;]$/.exec(line);
    if (value) return [`  ${value[1]}`];
    const member = /^( {4}| {8})((?:public |static |default |abstract |final )*(?:@[\w.]+ )?[\w.$<>?,[\] ]+ \w+\(.*\))(?: \{|;)$/.exec(line);
    return member && !/^\s*(return|throw|new|super|this|private|protected|final class)/.test(line) && !line.includes('Jsii$Proxy') && !line.includes('JsiiObjectRef')
      ? [`${'  '.repeat(member[1].length / 4)}${shorten(member[2].replace(/\bfinal /g, ''))}`] : [];
  });
}

function goDeclarations(code) {
  let within = false;
  return code.split('\n').flatMap((line) => {
    const type = /^type ([A-Z]\w*) (interface|struct|string)\b/.exec(line);
    if (type) {
      within = type[2] !== 'string';
      return [`${type[1]} ${type[2]}`];
    }
    if (line === '}') within = false;
    const member = /^\t([A-Z][\w(].*?)(?: `.*)?$/.exec(line);
    if (within && member) return [`  ${shorten(member[1])}`];
    const value = /^\t(\w+) (\w+) = "/.exec(line);
    if (value) return [`  ${value[1]}`];
    const made = /^func ([A-Z].*) \{$/.exec(line);
    return made ? [`  ${shorten(made[1])}`] : [];
  });
}

function csharpDeclarations(code) {
  const [shown] = code.split(/^.*_Proxy : .*$/m);
  const isInterface = /^ {4}public interface/m.test(shown);
  return shown.split('\n').flatMap((line, index, lines) => {
    const type = /^ {4}public ((?:abstract )?(?:class|interface|enum) .+)$/.exec(line);
    if (type) return [shorten(type[1])];
    const value = /^ {8}([A-Z][A-Z0-9_]*),?$/.exec(line);
    if (value) return [`  ${value[1]}`];
    const member = isInterface ? /^ {8}([A-Za-z][\w.<>?[\], ]* \w+(?:\(.*\);)?)$/.exec(line) : /^ {8}public ([\w.<>?[\], ]+(?:\(.*?\))?)(?:: base\(.*)?$/.exec(line);
    const settable = member && !member[1].includes('(') && /^ {12}(?:set|init)/m.test(lines.slice(index, index + 12).join('\n').split(/^ {8}\}/m)[0]);
    return member ? [`  ${shorten(member[1]).replace(/;$/, '')}${settable ? ' { set }' : ''}`] : [];
  });
}
