#!/usr/bin/env node
require('node:module').enableCompileCache?.();
require('../lib/cli').main(process.argv.slice(2));
