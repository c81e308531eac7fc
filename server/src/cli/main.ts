#!/usr/bin/env node
import { enableCompileCache } from '../compileCache';
import { prepareForShortRun } from './coldStart';

prepareForShortRun();
// The program is a file of its own, since only what is loaded from here on is kept compiled.
enableCompileCache();
void import('./run');
