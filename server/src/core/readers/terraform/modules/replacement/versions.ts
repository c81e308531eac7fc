import type { KnownModule } from '../moduleSources';

/** A version of a module, as numbers. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Whether the newest version that a call may get is at least one: of a registry by its constraint, of Git by its `ref`. */
export function mayBeAtLeast(source: string, constraint: string | undefined, least: Version): boolean {
  const ref = /[?&]ref=([^&]*)/.exec(source)?.[1];
  // Of a branch or a commit nothing is known; without a ref it is the newest.
  if (constraint === undefined) return ref === undefined || !/^v?\d+\.\d+/.test(ref) || isAtLeast(versionOf(ref), least);
  return constraint.split(',').every((part) => allows(part.trim(), least));
}

/** Whether no version below one satisfies a constraint of Terraform. */
export function isSurelyAtLeast(constraint: string, least: Version): boolean {
  return constraint.split(',').some((part) => {
    const [, operator, version] = /^(=|>=|>|~>)?\s*v?(\d[\d.]*)/.exec(part.trim()) ?? [];
    return version !== undefined && operator !== '<' && isAtLeast(versionOf(version), least);
  });
}

/** Whether some version from one on satisfies a part of a constraint. Source: Terraform, version constraints. */
function allows(part: string, least: Version): boolean {
  const [, operator = '=', version] = /^(=|!=|>=|<=|>|<|~>)?\s*v?(\d[\d.]*)/.exec(part) ?? [];
  if (version === undefined) return false;
  const given = versionOf(version);
  switch (operator) {
    case '>=':
    case '>':
    case '!=':
      return true;
    case '<':
      return !isAtLeast(least, given);
    case '~>':
      // The last number that is written may rise.
      if (given[0] !== least[0]) return given[0] > least[0];
      return version.split('.').length < 3 || given[1] >= least[1];
    default:
      return isAtLeast(given, least);
  }
}

function versionOf(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
}

function isAtLeast(a: Version, b: Version): boolean {
  const at = [0, 1, 2].find((i) => a[i] !== b[i]);
  return at === undefined || a[at]! > b[at]!;
}

/**
 * From which version on a module's role takes further statements. Sources: terraform-aws-iam v6.6.0 (#643,
 * source_trust_policy_documents); terraform-aws-eks-blueprints-addon v1.2.0 (#43, trust_policy_statements).
 */
export const takesStatementsFrom: Partial<Readonly<Record<KnownModule, Version>>> = {
  'irsa-6': [6, 6, 0],
  'blueprints-addon': [1, 2, 0],
};
