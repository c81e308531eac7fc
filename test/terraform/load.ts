import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { loadHcl } from '../../server/src/hcl/load';

/** The parser of HCL, there for the whole test file. */
export const parse = await loadHcl();
setHclParser(parse);
