import { setTerraformReading } from '../core/readers/terraform/port';
import type { HclParser } from '../core/syntax/hcl/parser';

let loading: Promise<HclParser> | undefined;

/** Loads the parser of HCL with what reads Terraform, once for the process. Rejects where its files are not there. */
export function loadHcl(): Promise<HclParser> {
  loading ??= import('./chunk').then(({ makeHclParser, reading }) => {
    setTerraformReading(reading);
    return makeHclParser();
  });
  return loading;
}
