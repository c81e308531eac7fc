#!/usr/bin/env node
import { enableCompileCache } from './compileCache';

// The program is a file of its own, since only what is loaded from here on is kept compiled.
enableCompileCache();
void import('./lsp/main');
