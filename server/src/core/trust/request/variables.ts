import { literal, plain } from '../../text/texts';
import type { PolicyDocument } from '../../model/policy';
import { findHoles } from '../../text/holes';
import type { VariableResolver } from '../../text/wildcards/compile';
import type { RequestKeys } from './lookup';

/**
 * How `${…}` in values is read: as variables with Version 2012-10-17, as plain text with any other or
 * none (undefined), and as unknown where the Version is a hole.
 * A variable without a value takes its default, else has none; a multivalued key cannot be a variable.
 * Source: IAM guide, reference_policies_variables and reference_policies_elements_version.
 */
export function variablesOf(policy: PolicyDocument, keys: RequestKeys): VariableResolver | undefined {
  const version = policy.version;
  if (!version && !policy.open) return undefined;
  const value = literal(version?.text);
  if (value !== undefined && value !== '2012-10-17') return undefined;
  if (value === undefined) return () => null;
  return (variable, fallback) => {
    const key = plain(variable);
    const found = keys.lookup({ ...key, holes: findHoles(variable, { key: true }) });
    const missing = fallback === undefined ? undefined : plain(fallback);
    if (found.presence === null) return null;
    return found.presence && !found.multivalued && found.values[0] ? found.values[0] : missing;
  };
}
