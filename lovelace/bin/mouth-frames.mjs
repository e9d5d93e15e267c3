#!/usr/bin/env node
/**
 * Give the director's mouth for many moments: standard input is {"step_ms", "replies": [[document, …], …]},
 * standard output a list of {"shapes": [name, …], "openness": [0…1, …]}, one place for each step.
 */

import { readFileSync } from "node:fs";
import { followed } from "./followed.mjs";

const { step_ms, replies } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await followed(replies, step_ms)));
