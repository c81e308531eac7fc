import fc from 'fast-check';
import * as plans from '../../server/src/core/readers/terraformPlan/library';
import { setPlanLibrary } from '../../server/src/core/readers/terraformPlan/port';
import * as library from '../../server/src/core/syntax/yaml/library';
import * as comparison from '../../server/src/core/trust/compare/includes';
import { setComparison } from '../../server/src/core/trust/compare/port';
import { hclParser, setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { setYamlLibrary } from '../../server/src/core/syntax/yaml/port';
import { loadHcl } from '../../server/src/hcl/load';
import { runs } from './runs';

// In tests all modules come from their sources, so there is nothing to load later. Files of one worker share them.
setYamlLibrary(() => library);
if (!hclParser()) setHclParser(await loadHcl());
setPlanLibrary(() => plans);
setComparison(() => comparison);

// Properties try the same inputs on every machine and in every run; `npm run fuzz` tries others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['POD_ROLES_SEED'] ?? 20261129), numRuns: runs(100) });
