#!/usr/bin/env node
// Committed, unlike dist, so that `npm install` in a fresh clone has a file to link the command to.
require("../dist/main.js");
