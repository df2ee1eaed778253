#!/usr/bin/env node
console.error(
  "This package is the library. Install the command line: npm install --global ai-lib-cli (or run npx ai-lib-cli)",
);
process.exitCode = 1;
