/**
 * Lets mocha run tests that are written for jest. Mutation tests need a runner that loads each file once and not once for each mutant: that
 * makes them minutes instead of days. Of jest it has what unit tests of this repository use.
 */
const { readFileSync } = require('node:fs');
const { transformSync } = require('esbuild');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { fn, spyOn } = require('jest-mock');
const Mocha = require('mocha');

require.extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs', target: 'node24', sourcefile: file });
  module._compile(code, file);
};

const { bdd } = Mocha.interfaces;
Mocha.interfaces.bdd = (suite) => {
  bdd(suite);
  suite.on('pre-require', (globals) => {
    const withEach = (define) => Object.assign((title, run) => define(title, run), { each: bind(define, false) });
    Object.assign(globals, {
      test: withEach(globals.it),
      describe: withEach(globals.describe),
      // without the time limit that jest's take as a second argument
      beforeAll: (run) => globals.before(run),
      afterAll: (run) => globals.after(run),
      expect,
      jest: { fn, spyOn, setTimeout: () => undefined },
    });
  });
};
